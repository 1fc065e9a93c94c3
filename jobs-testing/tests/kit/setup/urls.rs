//! `test:`: an application builds its runtime itself, and the test finds the jobs by its client.

use std::time::Duration;

use jobs::prelude::*;
use jobs_testing::{JobMatcher, TestJobs};

use crate::fixture::{Call, CallLog, SendMail, assert_fails, mail};

/// As a program does that takes its store from the environment.
async fn application(url: &str) -> Runtime {
    Runtime::builder().connect(url).provide(CallLog::default()).build().await.unwrap()
}

#[tokio::test]
async fn a_runtime_over_test_keeps_jobs_until_the_test_asks_for_them() {
    let runtime = application("test:").await;
    let test = TestJobs::of(&runtime.client()).unwrap();
    let running = runtime.start().await.unwrap();
    running.client().scope(mail(1)).await;
    SendMail::perform_later(2).wait(Duration::from_secs(60)).on(&running.client()).await.unwrap();
    tokio::task::yield_now().await;
    test.assert_enqueued_jobs(2);
    test.assert_enqueued_with(JobMatcher::from(SendMail::new(2)).wait(Duration::from_secs(60)));
    assert_eq!(test.perform_enqueued_jobs().until_empty().await.unwrap(), 2);
    test.assert_performed_jobs(2);
    running.stop().await;
}

#[tokio::test]
async fn workers_that_were_started_over_test_get_nothing() {
    let recorder = jobs_testing::Recorder::new();
    let watch = recorder.watch();
    let runtime = Runtime::builder().connect("test:").provide(CallLog::default()).watch(move |event| watch(event));
    let running = runtime.poll_interval(Duration::from_millis(1)).build().await.unwrap().start().await.unwrap();
    let test = TestJobs::of(&running.client()).unwrap();
    running.client().scope(mail(1)).await;
    running.stop().await;
    test.assert_enqueued_jobs(1);
    test.assert_no_performed_jobs();
    assert_eq!(recorder.count(|event| matches!(event, jobs::Event::PerformStarted(_))), 0);
}

#[tokio::test]
async fn two_that_are_opened_share_nothing() {
    let (one, other) = (application("test:").await.client(), application("test://").await.client());
    let (one_test, other_test) = (TestJobs::of(&one).unwrap(), TestJobs::of(&other).unwrap());
    one.scope(mail(1)).await;
    one_test.assert_enqueued_jobs(1);
    other_test.assert_no_enqueued_jobs();
}

#[tokio::test]
async fn another_store_is_refused_by_its_name() {
    let jobs = application("inline:").await.client();
    let error = TestJobs::of(&jobs).unwrap_err();
    assert!(error.is_invalid(), "{error}");
    assert!(error.to_string().contains("opened as `test:`") && error.to_string().contains("Inline"), "{error}");
}

#[tokio::test]
async fn a_test_of_the_kit_is_found_by_its_client() {
    let test = TestJobs::builder().provide(CallLog::default()).build();
    test.scope(mail(1)).await;
    TestJobs::of(test.client()).unwrap().assert_enqueued_jobs(1);
}

#[tokio::test]
async fn failing_assertions_and_faults_are_the_same_behind_a_url() {
    let jobs = application("test:").await.client();
    let test = TestJobs::of(&jobs).unwrap();
    test.faults().fail_before("enqueue", 1, || jobs::Error::transient("the store is gone"));
    assert!(Call::perform_later(1).on(&jobs).await.unwrap_err().is_transient());
    assert_fails("1 job was to be enqueued, but 0 were. Nothing was enqueued.", || test.assert_enqueued_jobs(1));
}

#[tokio::test]
async fn a_url_with_options_is_refused() {
    let error = jobs::store::connect("test:now").await.unwrap_err();
    assert!(error.to_string().contains("write `test:`"), "{error}");
}
