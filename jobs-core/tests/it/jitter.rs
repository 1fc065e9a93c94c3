//! The jitter of rules that say nothing of it themselves.

use std::time::Duration;

use jobs_core::{Decision, Matcher, Meta, Policy, RetryPolicy, Rule, decide};

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
