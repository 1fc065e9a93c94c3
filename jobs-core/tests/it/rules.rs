//! Which of several rules answers.

use std::io;

use jobs_core::{Base, Failure, Matcher, Policy, RetryPolicy, Rule, Settings};

use crate::setup::{PaymentError, declined, frozen, gateway};

/// The rule that answers, as it prints itself.
fn answer(policy: &Policy, failure: &Failure) -> String {
    policy.rule_for(failure).map_or_else(|| "nobody".to_owned(), |rule| format!("{rule:?}"))
}

fn any(words: &'static str) -> Rule {
    Rule::discard(Matcher::predicate(words, |_| true))
}

fn io_error(words: &'static str) -> Rule {
    Rule::discard(Matcher::error::<io::Error>(words))
}

fn frozen_only(words: &'static str) -> Rule {
    Rule::discard(Matcher::pattern(words, |error| matches!(error, PaymentError::Frozen)))
}

struct Application;

impl Base for Application {
    const SETTINGS: Settings = Settings::new("Application");

    fn policy() -> Policy {
        Policy::new().inherit::<Company>().rule(io_error("application's")).rule(frozen_only("application's frozen"))
    }
}

struct Company;

impl Base for Company {
    const SETTINGS: Settings = Settings::new("Company");

    fn policy() -> Policy {
        Policy::new().rule(frozen_only("company's frozen")).rule(any("company's"))
    }
}

#[test]
fn the_first_rule_from_top_to_bottom_answers() {
    let policy = Policy::new().rule(any("first")).rule(frozen_only("second"));
    assert_eq!(answer(&policy, &frozen()), "discard_on(first)");
}

#[test]
fn a_rule_that_does_not_match_is_passed_over() {
    let policy = Policy::new().rule(frozen_only("first")).rule(any("second"));
    assert_eq!(answer(&policy, &declined(1)), "discard_on(second)");
}

#[test]
fn any_answers_last_wherever_it_stands() {
    let policy = Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new())).rule(frozen_only("frozen"));
    assert_eq!(answer(&policy, &frozen()), "discard_on(frozen)");
    assert_eq!(answer(&policy, &declined(1)), "retry_on(any)");
}

#[test]
fn of_two_any_the_first_answers() {
    let policy =
        Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new())).rule(Rule::discard(Matcher::any()));
    assert_eq!(answer(&policy, &frozen()), "retry_on(any)");
}

#[test]
fn a_rule_for_the_error_itself_goes_before_one_for_its_cause() {
    let whole = Rule::discard(Matcher::error::<PaymentError>("whole"));
    let policy = Policy::new().rule(io_error("cause")).rule(whole);
    assert_eq!(answer(&policy, &gateway()), "discard_on(whole)");
}

#[test]
fn of_two_causes_the_outer_one_decides() {
    let outer = PaymentError::Gateway(io::Error::other("refused"));
    let failure = Failure::from_error(jobs_core::Error::other("whole").with_source(outer));
    let policy = Policy::new().rule(io_error("inner")).rule(Rule::discard(Matcher::error::<PaymentError>("outer")));
    assert_eq!(answer(&policy, &failure), "discard_on(outer)");
}

#[test]
fn a_rule_for_a_cause_goes_before_any() {
    let policy = Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new())).rule(io_error("cause"));
    assert_eq!(answer(&policy, &gateway()), "discard_on(cause)");
}

#[test]
fn the_jobs_own_rules_go_before_those_of_its_base() {
    let policy = Policy::new().inherit::<Application>().rule(frozen_only("own"));
    assert_eq!(answer(&policy, &frozen()), "discard_on(own)");
    assert_eq!(answer(&policy, &gateway()), "discard_on(application's)");
}

#[test]
fn a_cause_on_the_own_level_goes_before_the_error_itself_on_the_next() {
    let policy = Policy::new().rule(io_error("own")).over(&Policy::new().rule(any("defaults")));
    assert_eq!(answer(&policy, &gateway()), "discard_on(own)");
}

#[test]
fn the_base_goes_before_its_own_base() {
    let policy = Policy::new().inherit::<Application>();
    assert_eq!(answer(&policy, &frozen()), "discard_on(application's frozen)");
    assert_eq!(answer(&policy, &declined(1)), "discard_on(company's)");
}

#[test]
fn any_of_the_job_hides_every_rule_of_its_base() {
    let policy = Policy::new().inherit::<Application>().rule(Rule::retry(Matcher::any(), RetryPolicy::new()));
    assert_eq!(answer(&policy, &frozen()), "retry_on(any)");
}

#[test]
fn defaults_answer_what_no_level_of_the_job_does() {
    let defaults = Policy::new().rule(Rule::discard(Matcher::any()));
    let policy = Policy::new().rule(frozen_only("own")).over(&defaults);
    assert_eq!(answer(&policy, &frozen()), "discard_on(own)");
    assert_eq!(answer(&policy, &declined(1)), "discard_on(any)");
}

#[test]
fn rules_stay_on_their_level_wherever_the_base_is_named() {
    for policy in [
        Policy::default().inherit::<Company>().rule(any("own")),
        Policy::new().inherit::<Company>().rule(any("own")),
        Policy::new().rule(any("own")).inherit::<Company>(),
    ] {
        assert_eq!(answer(&policy, &declined(1)), "discard_on(own)");
    }
}

#[test]
fn without_rules_none_applies() {
    assert_eq!(answer(&Policy::new(), &frozen()), "nobody");
}

#[test]
fn a_rule_prints_its_key_and_its_matcher() {
    let rescue = Rule::rescue(Matcher::any(), crate::setup::told("rescued"));
    assert_eq!(format!("{rescue:?} {:?}", io_error("io::Error")), "rescue_from(any) discard_on(io::Error)");
}
