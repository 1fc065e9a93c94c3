//! Each declaration counts for itself, and the counters travel with the job.

use std::io;
use std::time::Duration;

use jobs_core::{Attempts, Decision, Failure, Matcher, Meta, Outcome, Policy, RetryPolicy, Rule, Wait, decide};

use crate::setup::{PaymentError, declined, frozen, gateway};

/// What becomes of a job that fails so, time after time. Its `meta` travels as text, as through a store.
fn course(policy: &Policy, failures: impl IntoIterator<Item = Failure>, mut meta: Option<String>) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for failure in failures {
        let counted = Meta::parse(meta.as_deref()).expect("it was written by a decision or a test");
        let ruling = decide(policy, &failure, failure.record(), counted, 0);
        if let Decision::Retry { meta: next, .. } | Decision::Fail { meta: next, .. } = ruling.decision {
            meta = next;
        }
        outcomes.push(ruling.outcome);
    }
    outcomes
}

fn waits(outcomes: &[Outcome]) -> Vec<u64> {
    let wait = |outcome: &Outcome| if let Outcome::Retried { wait } = outcome { Some(wait.as_secs()) } else { None };
    outcomes.iter().filter_map(wait).collect()
}

fn retry(words: &'static str, test: fn(&PaymentError) -> bool, retry: RetryPolicy) -> Rule {
    Rule::retry(Matcher::pattern(words, test), retry)
}

fn any(attempts: impl Into<Attempts>) -> Policy {
    Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new().attempts(attempts)))
}

const GIVEN_UP: Outcome = Outcome::Exhausted { handled: false };

#[test]
fn by_default_four_failures_are_retried_and_a_fifth_is_the_last() {
    let policy = Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::default()));
    let outcomes = course(&policy, (0..5).map(|_| frozen()), None);
    assert_eq!(waits(&outcomes), [3, 3, 3, 3]);
    assert_eq!(outcomes.last(), Some(&GIVEN_UP));
}

#[test]
fn attempts_bound_executions_and_not_retries() {
    let outcomes = course(&any(10), (0..10).map(|_| frozen()), None);
    assert_eq!(waits(&outcomes).len(), 9, "so the tenth execution may succeed");
    assert_eq!(outcomes.last(), Some(&GIVEN_UP));
}

#[test]
fn several_errors_in_one_rule_share_its_counter() {
    let either = |error: &PaymentError| matches!(error, PaymentError::Frozen | PaymentError::Declined { .. });
    let policy = Policy::new().rule(retry("Frozen | Declined", either, RetryPolicy::new().attempts(4)));
    let outcomes = course(&policy, [frozen(), frozen(), frozen(), declined(1)], None);
    assert_eq!(outcomes.last(), Some(&GIVEN_UP));
    assert_eq!(waits(&outcomes).len(), 3);
}

#[test]
fn separate_rules_count_separately() {
    let policy = Policy::new()
        .rule(retry("Frozen", |error| matches!(error, PaymentError::Frozen), RetryPolicy::new().attempts(5)))
        .rule(retry(
            "Declined",
            |error| matches!(error, PaymentError::Declined { .. }),
            RetryPolicy::new().attempts(4),
        ));
    let failures = (0..7).map(|turn| if turn < 4 { frozen() } else { declined(1) });
    assert_eq!(waits(&course(&policy, failures, None)).len(), 7, "the eighth execution may succeed");
}

#[test]
fn the_wait_follows_the_counter_of_the_rule_and_not_the_number_of_attempts() {
    let longer = RetryPolicy::new().wait(Wait::PolynomiallyLonger);
    let doubling = RetryPolicy::new().wait(Wait::exponentially_longer());
    let policy = Policy::new()
        .rule(retry("Frozen", |error| matches!(error, PaymentError::Frozen), longer))
        .rule(retry("Declined", |error| matches!(error, PaymentError::Declined { .. }), doubling));
    let outcomes = course(&policy, [frozen(), declined(1), frozen(), declined(1)], None);
    assert_eq!(waits(&outcomes), [3, 2, 18, 4]);
}

#[test]
fn any_error_of_a_rule_is_retried() {
    let both = |error: &PaymentError| !matches!(error, PaymentError::Gateway(_));
    let policy = Policy::new().rule(retry("both", both, RetryPolicy::new().attempts(3)));
    assert_eq!(waits(&course(&policy, [declined(1), declined(2)], None)).len(), 2);
    assert_eq!(course(&policy, [gateway()], None), [Outcome::Failed]);
}

#[test]
fn unlimited_attempts_go_on() {
    let outcomes = course(&any(Attempts::Unlimited), (0..100).map(|_| frozen()), None);
    assert_eq!(waits(&outcomes).len(), 100);
}

#[test]
fn a_full_counter_stays_full() {
    let text = format!(r#"{{"exception_executions":{{"any":{}}}}}"#, u32::MAX);
    let outcomes = course(&any(Attempts::Unlimited), [frozen()], Some(text.clone()));
    assert_eq!(waits(&outcomes), [3]);
    assert_eq!(course(&any(5), [frozen()], Some(text)), [GIVEN_UP]);
}

#[test]
fn a_job_stored_without_counters_starts_to_count_at_zero() {
    for stored in [None, Some(String::from("{}")), Some(String::from(r#"{"tags":["old"]}"#))] {
        let outcomes = course(&any(5), (0..5).map(|_| frozen()), stored.clone());
        assert_eq!(waits(&outcomes).len(), 4, "{stored:?}");
        assert_eq!(outcomes.last(), Some(&GIVEN_UP), "{stored:?}");
    }
}

#[test]
fn attempts_that_no_rule_counted_use_up_no_retry() {
    let mut record = frozen().record();
    record.attempt = 5;
    let ruling = decide(&any(2), &frozen(), record, Meta::default(), 0);
    assert_eq!(waits(&[ruling.outcome]), [3]);
}

#[test]
fn a_stored_counter_goes_on_where_it_was() {
    let stored = Some(String::from(r#"{"exception_executions":{"any":4}}"#));
    assert_eq!(course(&any(5), [frozen()], stored.clone()), [GIVEN_UP]);
    assert_eq!(waits(&course(&any(6), [frozen()], stored)), [3]);
}

#[test]
fn a_changed_matcher_starts_a_new_counter() {
    let stored = Some(String::from(r#"{"exception_executions":{"any":4}}"#));
    let policy = Policy::new().rule(Rule::retry(Matcher::error::<io::Error>("io::Error"), RetryPolicy::new()));
    assert_eq!(waits(&course(&policy, [gateway()], stored)), [3]);
}

#[test]
fn the_counters_of_rules_that_do_not_answer_are_left_alone() {
    let stored = Meta::parse(Some(r#"{"exception_executions":{"other":3,"any":1}}"#)).unwrap();
    let ruling = decide(&any(5), &frozen(), frozen().record(), stored, 0);
    let Decision::Retry { meta, wait, .. } = ruling.decision else { panic!("it is retried") };
    assert_eq!(wait, Duration::from_secs(3));
    assert_eq!(meta.as_deref(), Some(r#"{"exception_executions":{"any":2,"other":3}}"#));
}

#[test]
fn a_failure_without_a_rule_counts_nowhere() {
    let ruling = decide(&Policy::new(), &frozen(), frozen().record(), Meta::default(), 0);
    assert_eq!(ruling.decision, Decision::Fail { meta: None, error: frozen().record() });
}

#[test]
fn the_last_count_is_kept_with_the_failed_job() {
    let ruling = decide(&any(1), &frozen(), frozen().record(), Meta::default(), 0);
    let Decision::Fail { meta, .. } = ruling.decision else { panic!("it is failed") };
    assert_eq!(meta.as_deref(), Some(r#"{"exception_executions":{"any":1}}"#));
}
