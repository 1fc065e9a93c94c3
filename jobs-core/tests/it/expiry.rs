//! When a job has expired, and what becomes of a retry that would come too late.

use std::time::Duration;

use jobs_core::{
    Decision, EXPIRED_CLASS, ErrorRecord, Expired, Expires, Failure, FailureDecision, Outcome, Timestamp, expired,
};

const NOW: Timestamp = Timestamp::from_micros(1_000_000);

fn retry(wait: Duration) -> FailureDecision {
    let mut error = ErrorRecord::new("shop::Busy", "busy");
    (error.attempt, error.causes) = (3, vec!["no line".to_owned()]);
    let decision = Decision::Retry { wait, queue: None, priority: None, meta: None, error };
    FailureDecision::new(Outcome::Retried { wait }, decision)
}

#[test]
fn a_job_has_expired_from_its_time_on_and_one_without_a_time_never() {
    let at = NOW + Duration::from_micros(1);
    assert_eq!(expired(Some(at), || NOW), None);
    assert_eq!(expired(Some(NOW), || NOW), Some(Expired { at: NOW }));
    assert_eq!(expired(None, || Timestamp::from_micros(i64::MAX)), None);
    assert_eq!(Failure::from_error(Expired { at }).class(), EXPIRED_CLASS);
}

#[test]
fn the_time_counts_from_when_the_job_is_due() {
    assert_eq!(Expires::In(Duration::from_secs(5)).at(NOW), NOW + Duration::from_secs(5));
    assert_eq!(Expires::At(NOW).at(NOW + Duration::from_secs(5)), NOW);
    assert_eq!(Expires::In(Duration::MAX).at(NOW), Timestamp::from_micros(i64::MAX), "no time is too long");
}

#[test]
fn a_retry_that_is_due_after_the_job_expires_is_a_discard_caused_by_the_error() {
    let at = NOW + Duration::from_secs(10);
    let in_time = retry(Duration::from_secs(9)).unless_expired(Some(at), NOW);
    assert_eq!(in_time.outcome, Outcome::Retried { wait: Duration::from_secs(9) });
    let late = retry(Duration::from_secs(10)).unless_expired(Some(at), NOW);
    let Decision::Discard { error: Some(error) } = late.decision else { panic!("{late:?}") };
    assert_eq!((late.outcome, error.class.as_str(), error.attempt), (Outcome::Discarded, EXPIRED_CLASS, 3));
    assert_eq!(error.causes, ["shop::Busy: busy", "no line"]);
    let never = retry(Duration::MAX).unless_expired(None, NOW);
    assert_eq!(never.outcome, Outcome::Retried { wait: Duration::MAX });
}

#[test]
fn what_is_no_retry_stays_as_it_is_also_when_the_job_has_expired() {
    let failed = || {
        let decision = Decision::Fail { meta: None, error: ErrorRecord::new("shop::Declined", "no") };
        FailureDecision::new(Outcome::Failed, decision)
    };
    assert_eq!(failed().unless_expired(Some(NOW), NOW).decision, failed().decision);
}
