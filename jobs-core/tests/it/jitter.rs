//! The jitter of rules that say nothing of it themselves.

use std::time::Duration;

use jobs_core::{
    Attempts, Decision, Failure, Jitter, LONGEST_WAIT, Matcher, Meta, Policy, RetryPolicy, Rule, Wait, decide,
};

use crate::setup::frozen;

/// The seconds to wait after a first failure, with as much chance as there can be.
fn wait(policy: &Policy) -> String {
    let ruling = decide(policy, &frozen(), frozen().record(), Meta::default(), u64::MAX);
    match ruling.decision {
        Decision::Retry { wait, .. } => format!("{:.2}", wait.as_secs_f64()),
        other => format!("{other:?}"),
    }
}

fn ten_seconds() -> RetryPolicy {
    RetryPolicy::new().wait(Duration::from_secs(10))
}

fn of(retry: RetryPolicy) -> Policy {
    Policy::new().rule(Rule::retry(Matcher::any(), retry))
}

#[test]
fn a_rule_without_jitter_of_its_own_takes_the_wider_setting() {
    assert_eq!(wait(&of(ten_seconds()).jitter(0.5)), "15.00");
    assert_eq!(wait(&of(ten_seconds())), "11.50", "without any it is 0.15");
    assert_eq!(wait(&of(ten_seconds().jitter(0.1)).jitter(0.5)), "11.00", "its own comes first");
    assert_eq!(wait(&of(ten_seconds().jitter(0.0)).jitter(0.5)), "10.00");
}

#[test]
fn waits_that_grow_take_it_as_active_jobs_do() {
    let polynomial = RetryPolicy::new().wait(jobs_core::Wait::PolynomiallyLonger);
    assert_eq!(wait(&of(polynomial).jitter(4.0)), "7.00");
}

#[test]
fn the_nearest_level_that_says_one_decides_for_inherited_rules_too() {
    let company = of(ten_seconds()).jitter(0.5);
    assert_eq!(wait(&Policy::new().over(&company)), "15.00");
    assert_eq!(wait(&Policy::new().over(&company).jitter(1.0)), "20.00");
    assert_eq!(wait(&Policy::new().jitter(0.0).over(&company)), "10.00");
    let defaults = Policy::new().jitter(2.0);
    assert_eq!(wait(&of(ten_seconds()).over(&defaults)), "30.00");
    assert_eq!(wait(&company.over(&defaults)), "15.00");
}

#[test]
fn a_default_jitter_that_is_not_a_number_adds_nothing() {
    for jitter in [-0.6, f64::NAN, f64::INFINITY] {
        assert_eq!(wait(&of(ten_seconds()).jitter(jitter)), "10.00", "{jitter}");
    }
}

#[test]
fn full_jitter_waits_for_any_time_up_to_the_whole_wait_and_never_none() {
    let ten = Duration::from_secs(10);
    assert_eq!(Jitter::Full.apply(ten, 0), ten);
    assert_eq!(Jitter::Full.apply(ten, 1 << 63), ten / 2);
    let least = Jitter::Full.apply(ten, u64::MAX);
    assert!(least > Duration::ZERO && least < Duration::from_millis(1), "{least:?}");
    assert_eq!(Jitter::Full.apply(Duration::ZERO, u64::MAX), Duration::ZERO, "a wait of zero stays one");
    assert!(Jitter::Full.apply(LONGEST_WAIT, u64::MAX) < Duration::from_secs(1));
}

#[test]
fn full_jitter_is_of_the_whole_polynomial_wait_and_of_the_capped_exponential_one() {
    let failure = Failure::from_error(std::fmt::Error);
    let wait = |wait: Wait, count, random| {
        let policy = RetryPolicy::new().wait(wait).attempts(Attempts::Unlimited).jitter(Jitter::Full);
        policy.next_wait(count, &failure, random).map(|wait| wait.as_secs_f64())
    };
    let cap = Wait::ExponentiallyLonger { cap: Duration::from_secs(20) };
    assert_eq!(wait(Wait::PolynomiallyLonger, 2, 1 << 63), Some(9.0));
    assert_eq!(wait(cap, 40, 1 << 63), Some(10.0));
    let told = Wait::Computed(std::sync::Arc::new(|_, _| Duration::from_secs(7)));
    assert_eq!(wait(told, 1, 1 << 63), Some(7.0), "a computed wait gets no jitter");
}
