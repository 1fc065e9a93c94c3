//! Retries are scheduled, and seen as such.

use std::time::Duration;

use jobs::policy::Outcome;
use jobs::{PerformError, State};
use jobs_testing::JobMatcher;

use crate::fixture::{Busy, Call, assert_fails, plain, test};

#[tokio::test]
async fn a_retry_waits_for_its_time_and_is_seen_as_one() {
    let (test, _entered) = plain();
    Call::perform_later(1).await.unwrap();
    let inside = test.from_now();
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1, "an error that a rule takes is none of the drain");
    inside.assert_enqueued_jobs(1);
    let retry = test.assert_enqueued_with(JobMatcher::from(Call::new(1)).wait(Duration::from_secs(3)));
    assert!(retry.is_retry());
    assert_eq!((retry.record.state, retry.record.attempts), (State::Scheduled, 1));
    assert_eq!(retry.record.errors[0].message, "the line is busy");
    assert!(test.failed_jobs().is_empty());
}

#[tokio::test]
async fn a_retry_is_performed_when_the_clock_is_there_and_not_before() {
    let (test, calls) = test();
    let _entered = test.enter();
    Call::perform_later(1).await.unwrap();
    test.perform_enqueued_jobs().await.unwrap();
    test.travel(Duration::from_millis(2999));
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 0);
    test.travel(Duration::from_millis(1));
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
    assert_eq!(calls.all(), ["call 1 attempt 1", "call 1 attempt 2"]);
    test.assert_no_enqueued_jobs();
}

#[tokio::test]
async fn until_empty_waits_for_retries_by_moving_the_clock_and_gives_the_last_error() {
    let (test, _entered) = plain();
    let start = test.now();
    Call::perform_later(0).await.unwrap();
    let error = test.perform_enqueued_jobs().until_empty().await.unwrap_err();
    assert!(error.is::<Busy>() && error.to_string().contains("failed at attempt 2"), "{error}");
    assert_eq!(test.now().duration_since(start), Duration::from_secs(3));
    test.assert_performed_jobs(2);
    assert_eq!(test.failed_jobs()[0].record.errors.len(), 2);
}

#[tokio::test]
async fn a_job_that_is_no_retry_is_not_seen_as_one() {
    let (test, _entered) = plain();
    Call::perform_later(5).wait(Duration::from_secs(3)).await.unwrap();
    assert!(!test.enqueued_jobs()[0].is_retry());
    assert_fails("no enqueued job is call, such that a function accepts it.", || {
        test.assert_enqueued_with(JobMatcher::any::<Call>().that(jobs_testing::Seen::is_retry));
    });
}

#[tokio::test]
async fn performing_now_gives_the_jobs_own_error_and_leaves_its_retry_enqueued() {
    let (test, _) = test();
    test.scope(async {
        let error = Call::perform_now(0).await.unwrap_err();
        assert!(matches!(error, PerformError::Job(Busy)), "{error:?}");
        let outcome = Call::perform_now(0).outcome().await.unwrap();
        assert_eq!(outcome, Outcome::Retried { wait: Duration::from_secs(3) });
        assert_eq!(Call::perform_now(7).await.unwrap(), 7);
    })
    .await;
    test.only::<Call>().queue("slow").assert_enqueued_jobs(2);
    test.assert_no_performed_jobs();
}
