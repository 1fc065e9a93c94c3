//! What a failure means for the job.

use std::time::Duration;

use jobs_core::{Decision, FailureDecision, Matcher, Meta, Outcome, Policy, RetryPolicy, Rule, decide};

use crate::setup::{ID, PaymentError, block_on, context, declined, frozen, gateway, noted, told};

fn ruling(rule: Rule) -> FailureDecision {
    decide(&Policy::new().rule(rule), &frozen(), frozen().record(), Meta::default(), 0)
}

fn exhausting() -> Rule {
    Rule::retry(Matcher::any(), RetryPolicy::new().attempts(1))
}

/// What the function that is to be told notes.
fn told_words(ruling: &FailureDecision) -> Vec<String> {
    let context = context("{}");
    let told = ruling.told.as_ref().expect("somebody is to be told");
    block_on(told(&context, &frozen())).expect("it only notes");
    noted(&context)
}

#[test]
fn a_failure_that_no_rule_takes_is_kept_as_failed() {
    let ruling = decide(&Policy::new(), &gateway(), gateway().record(), Meta::default(), 0);
    assert_eq!(ruling.outcome, Outcome::Failed);
    let Decision::Fail { error, .. } = ruling.decision else { panic!("it is failed") };
    assert_eq!((error.message.as_str(), error.causes), ("the gateway failed", vec!["refused".to_owned()]));
    assert!(ruling.told.is_none());
}

#[test]
fn an_exhausted_retry_without_a_function_is_kept_as_failed() {
    let ruling = ruling(exhausting());
    assert_eq!(ruling.outcome, Outcome::Exhausted { handled: false });
    assert!(matches!(ruling.decision, Decision::Fail { .. }));
    assert!(ruling.told.is_none());
}

#[test]
fn an_exhausted_retry_with_a_function_is_discarded_and_the_function_called() {
    let ruling = ruling(exhausting().when_given_up(told("exhausted")));
    assert_eq!(ruling.outcome, Outcome::Exhausted { handled: true });
    assert_eq!(ruling.decision, Decision::Discard { error: Some(frozen().record()) });
    assert_eq!(told_words(&ruling), [format!("exhausted: {ID} frozen")]);
}

#[test]
fn a_retry_calls_no_function_yet() {
    let ruling = ruling(Rule::retry(Matcher::any(), RetryPolicy::new()).when_given_up(told("exhausted")));
    assert_eq!(ruling.outcome, Outcome::Retried { wait: Duration::from_secs(3) });
    assert!(ruling.told.is_none());
}

#[test]
fn a_retry_carries_the_queue_and_the_priority_of_its_rule() {
    let ruling = ruling(Rule::retry(Matcher::any(), RetryPolicy::new()).queue("slow").priority(-3));
    let Decision::Retry { queue, priority, error, .. } = ruling.decision else { panic!("it is retried") };
    assert_eq!((queue.as_deref(), priority), (Some("slow"), Some(-3)));
    assert_eq!(error, frozen().record());
}

#[test]
fn a_retry_without_queue_and_priority_leaves_the_jobs_own() {
    let ruling = ruling(Rule::retry(Matcher::any(), RetryPolicy::new()));
    let Decision::Retry { queue, priority, .. } = ruling.decision else { panic!("it is retried") };
    assert_eq!((queue, priority), (None, None));
}

#[test]
fn a_discarded_job_keeps_its_error_and_calls_no_function() {
    let ruling = ruling(Rule::discard(Matcher::any()));
    assert_eq!(ruling.outcome, Outcome::Discarded);
    assert_eq!(ruling.decision, Decision::Discard { error: Some(frozen().record()) });
    assert!(ruling.told.is_none());
}

#[test]
fn the_function_of_a_discard_hears_of_the_job_and_the_error() {
    let ruling = ruling(Rule::discard(Matcher::any()).when_given_up(told("discarded")));
    assert_eq!(ruling.outcome, Outcome::Discarded);
    assert_eq!(told_words(&ruling), [format!("discarded: {ID} frozen")]);
}

#[test]
fn any_error_of_a_rule_is_discarded() {
    let either = |error: &PaymentError| !matches!(error, PaymentError::Gateway(_));
    let policy = Policy::new().rule(Rule::discard(Matcher::pattern("Frozen | Declined", either)));
    let outcome = |failure| decide(&policy, &failure, failure.record(), Meta::default(), 0).outcome;
    assert_eq!(outcome(declined(1)), Outcome::Discarded);
    assert_eq!(outcome(frozen()), Outcome::Discarded);
    assert_eq!(outcome(gateway()), Outcome::Failed);
}

#[test]
fn a_rescued_job_counts_as_finished_and_the_function_is_called() {
    let ruling = ruling(Rule::rescue(Matcher::any(), told("rescued")));
    assert_eq!(ruling.outcome, Outcome::Rescued);
    assert_eq!(ruling.decision, Decision::Finish { keep: true });
    assert_eq!(told_words(&ruling), [format!("rescued: {ID} frozen")]);
}

#[test]
fn a_job_is_given_up_when_it_is_discarded_exhausted_or_failed() {
    let retried = Outcome::Retried { wait: Duration::ZERO };
    for outcome in [Outcome::Discarded, Outcome::Exhausted { handled: true }, Outcome::Failed] {
        assert!(outcome.is_given_up(), "{outcome:?}");
    }
    for outcome in [Outcome::Finished, Outcome::Halted, Outcome::Rescued, retried] {
        assert!(!outcome.is_given_up(), "{outcome:?}");
    }
}

#[test]
fn unknown_keys_of_meta_outlive_a_decision() {
    let meta = Meta::parse(Some(r#"{"locale":"de","batch":{"size":3},"traceparent":"00-a-b-01"}"#)).unwrap();
    let policy = Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new()));
    let Decision::Retry { meta: Some(text), .. } = decide(&policy, &frozen(), frozen().record(), meta, 0).decision
    else {
        panic!("it is retried with its meta")
    };
    let written: serde_json::Value = serde_json::from_str(&text).unwrap();
    let expected = serde_json::json!({
        "locale": "de", "batch": {"size": 3}, "traceparent": "00-a-b-01", "exception_executions": {"any": 1},
    });
    assert_eq!(written, expected);
}

#[test]
fn the_same_input_gives_the_same_ruling() {
    let policy = Policy::new().rule(Rule::retry(Matcher::any(), RetryPolicy::new()));
    let once = |chance| {
        let ruling = decide(&policy, &frozen(), frozen().record(), Meta::default(), chance);
        (ruling.outcome, ruling.decision)
    };
    assert_eq!(once(12345), once(12345));
    assert_ne!(once(0), once(u64::MAX), "chance is for the jitter");
}
