//! `inline:`: jobs are performed where they are enqueued.

use std::time::Duration;

use jobs::policy::Outcome;
use jobs::prelude::*;
use jobs::store::NewJob;

use crate::fixture::{Call, CallLog, Careful, Chain, Pay, SendMail};

async fn inline() -> (Client, CallLog) {
    let calls = CallLog::default();
    let runtime = Runtime::builder().connect("inline:").provide(calls.clone()).build().await.unwrap();
    (runtime.client(), calls)
}

#[tokio::test]
async fn a_job_has_run_when_its_enqueue_is_answered() {
    let (jobs, calls) = inline().await;
    let enqueued = SendMail::perform_later(1).on(&jobs).await.unwrap();
    assert!(enqueued.id().is_some());
    assert_eq!(calls.all(), ["mail 1"]);
    jobs.perform_all_later([SendMail::new(2), SendMail::new(3)]).await.unwrap();
    assert_eq!(calls.all(), ["mail 1", "mail 2", "mail 3"]);
}

#[tokio::test]
async fn jobs_that_a_job_enqueues_run_inside_it_with_the_same_client() {
    let (jobs, calls) = inline().await;
    Chain::perform_later(1).on(&jobs).await.unwrap();
    assert_eq!(calls.all(), ["chain 1", "chain 0", "end 0", "end 1"]);
}

#[tokio::test]
async fn callbacks_and_rules_hold_inline() {
    let (jobs, _) = inline().await;
    assert_eq!(Careful::perform_later(1).on(&jobs).await.unwrap(), Enqueued::Halted);
    let discarded = Pay::perform_later(0, "").on(&jobs).await;
    assert!(discarded.unwrap().id().is_some(), "a rule took the error");
}

#[tokio::test]
async fn an_error_that_no_rule_takes_comes_out_of_the_enqueue() {
    let (jobs, _) = inline().await;
    let error = SendMail::perform_later(0).on(&jobs).await.unwrap_err();
    assert!(error.to_string().starts_with("`send_mail` failed: "), "{error}");
    assert!(error.to_string().ends_with("Bounced: it came back"), "{error}");
}

#[tokio::test]
async fn a_scheduled_job_is_refused_with_a_message_and_a_past_time_means_now() {
    let (jobs, calls) = inline().await;
    let error = SendMail::perform_later(1).wait(Duration::from_secs(60)).on(&jobs).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("`send_mail` is to run later"), "{error}");
    assert!(error.to_string().contains("`memory:`"), "{error}");
    assert!(calls.all().is_empty());
    SendMail::perform_later(2).wait_until(jobs::Timestamp::default()).on(&jobs).await.unwrap();
    SendMail::perform_later(3).wait(Duration::ZERO).on(&jobs).await.unwrap();
    assert_eq!(calls.all(), ["mail 2", "mail 3"]);
}

#[tokio::test]
async fn a_bulk_with_one_job_for_later_runs_none_of_its_jobs() {
    let (jobs, calls) = inline().await;
    let later = jobs::AnyJob::from(SendMail::perform_later(2).wait(Duration::from_secs(1)));
    jobs.perform_all_later([jobs::AnyJob::from(SendMail::new(1)), later]).await.unwrap_err();
    assert!(calls.all().is_empty());
}

#[tokio::test]
async fn a_retry_with_a_wait_is_an_error_that_includes_the_jobs_own() {
    let (jobs, calls) = inline().await;
    let error = Call::perform_later(0).on(&jobs).await.unwrap_err().to_string();
    assert!(error.contains("Busy: the line is busy") && error.contains("again after 3s"), "{error}");
    assert!(error.contains("`inline:` cannot wait"), "{error}");
    assert_eq!(calls.all(), ["call 0 attempt 1"]);
    let error = Call::perform_now(0).on(&jobs).outcome().await.unwrap_err();
    assert!(error.to_string().contains("is to run later"), "{error}");
    assert_eq!(Call::perform_now(4).on(&jobs).outcome().await.unwrap(), Outcome::Finished);
}

#[tokio::test]
async fn a_runtime_over_it_starts_finds_nothing_to_do_and_stops() {
    let calls = CallLog::default();
    let runtime = Runtime::builder().connect("inline://").provide(calls.clone()).build().await.unwrap();
    let running = runtime.start().await.unwrap();
    SendMail::perform_later(1).on(&running.client()).await.unwrap();
    running.drained().await.unwrap();
    running.stop().await;
    assert_eq!(calls.all(), ["mail 1"]);
}

#[tokio::test]
async fn an_unknown_job_name_is_an_error() {
    let (jobs, _) = inline().await;
    let new = NewJob::new(jobs::JobId::from_bytes([1; 16]), "left_over", "{}");
    let error = jobs.store().enqueue(&[new]).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("no job named `left_over`"), "{error}");
}

#[tokio::test]
async fn a_url_with_options_and_a_store_without_a_runtime_are_refused() {
    let error = Runtime::builder().connect("inline:now").provide(CallLog::default()).build().await.unwrap_err();
    assert!(error.to_string().contains("write `inline:`"), "{error}");
    let error = jobs::store::connect("inline:").await.unwrap_err();
    assert!(error.to_string().contains("Runtime::builder().connect(..)"), "{error}");
    let error = jobs::store::connect("nowhere:").await.unwrap_err();
    assert!(error.to_string().contains("`inline:`") && error.to_string().contains("`test:`"), "{error}");
}
