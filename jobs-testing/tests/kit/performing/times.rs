//! The clock of a test.

use std::time::Duration;

use jobs::Timestamp;
use jobs::time::{Clock, SystemClock};
use jobs_testing::TestJobs;

use crate::fixture::{Call, CallLog, Chain, Resize, SendMail, plain};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_job_for_later_is_performed_when_its_time_has_come() {
    let (test, _entered) = plain();
    SendMail::perform_later(1).wait(HOUR).await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 0);
    test.travel(Duration::from_micros(3_599_999_999));
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 0);
    test.travel(Duration::from_micros(1));
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 1);
}

#[tokio::test]
async fn a_drain_without_a_time_runs_a_job_at_once_and_one_of_a_past_time() {
    let (test, _entered) = plain();
    SendMail::perform_later(1).await.unwrap();
    SendMail::perform_later(2).wait_until(test.now() - HOUR).await.unwrap();
    SendMail::perform_later(3).wait_until(test.now() + HOUR).await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().await.unwrap(), 2);
    test.assert_enqueued_with(SendMail::new(3));
}

#[tokio::test]
async fn until_a_time_performs_what_is_due_by_then_and_the_clock_stands_there() {
    let (test, _entered) = plain();
    let start = test.now();
    for hours in 1..=4 {
        SendMail::perform_later(u64::from(hours)).wait(hours * HOUR).await.unwrap();
    }
    assert_eq!(test.perform_enqueued_jobs().until(start + 3 * HOUR).await.unwrap(), 3);
    assert_eq!(test.now(), start + 3 * HOUR);
    test.assert_enqueued_with(SendMail::new(4));
    let done: Vec<_> =
        test.performed_jobs().iter().map(|seen| seen.record.done_at.unwrap().duration_since(start)).collect();
    assert_eq!(done, [HOUR, 2 * HOUR, 3 * HOUR], "each at its own time");
}

#[tokio::test]
async fn until_now_performs_also_what_is_enqueued_meanwhile_and_the_clock_stays() {
    let (test, _entered) = plain();
    let start = test.now();
    Chain::perform_later(2).await.unwrap();
    SendMail::perform_later(1).wait(HOUR).await.unwrap();
    assert_eq!(test.perform_enqueued_jobs().until(start).await.unwrap(), 3);
    assert_eq!(test.now(), start);
    test.assert_enqueued_jobs(1);
}

#[tokio::test]
async fn a_time_that_is_past_does_not_take_the_clock_back() {
    let (test, _entered) = plain();
    let start = test.now();
    test.perform_enqueued_jobs().until(start - HOUR).await.unwrap();
    assert_eq!(test.now(), start);
}

#[tokio::test]
async fn a_view_waits_only_for_jobs_that_it_sees() {
    let (test, _entered) = plain();
    let start = test.now();
    SendMail::perform_later(1).wait(HOUR).await.unwrap();
    Resize::perform_later("cat.png").wait(5 * HOUR).await.unwrap();
    test.only::<SendMail>().perform_enqueued_jobs().until_empty().await.unwrap();
    assert_eq!(test.now(), start + HOUR);
    test.assert_enqueued_jobs(1);
    test.assert_enqueued_with(Resize::new("cat.png"));
    test.assert_performed_jobs(1);
}

#[tokio::test]
async fn the_clock_starts_where_the_machines_is_or_where_the_test_says_and_stands_still() {
    let before = SystemClock.now();
    let (test, _entered) = plain();
    assert!(test.now() >= before && test.now() <= SystemClock.now());
    assert_eq!(test.now(), test.clock().now());
    let eve = Timestamp::from_micros(1_798_761_599_000_000);
    let test = TestJobs::builder().provide(CallLog::default()).at(eve).build();
    assert_eq!(test.now(), eve);
    SendMail::perform_later(1).on(test.client()).await.unwrap();
    assert_eq!(test.enqueued_jobs()[0].record.enqueued_at, eve);
}

#[tokio::test]
async fn the_clock_may_be_set_to_a_point_and_back() {
    let (test, _entered) = plain();
    let start = test.now();
    test.travel_to(start + 24 * HOUR);
    Call::perform_later(9).wait(HOUR).await.unwrap();
    assert_eq!(test.enqueued_jobs()[0].at, Some(start + 25 * HOUR));
    test.travel_to(start);
    assert_eq!(test.now(), start);
}
