//! Manual changes of jobs, queues and recurring tasks are events and lines of the audit log.

use std::io;
use std::time::Duration;

use jobs::events::{EventType, ManuallyChanged};
use jobs::prelude::*;
use jobs::{Due, Event, State};
use tracing::Level;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;

#[job]
async fn fail() -> Result<(), io::Error> {
    Err(io::Error::other("no"))
}

fn changes(fixture: &Fixture) -> Vec<ManuallyChanged> {
    fixture.recorder.events().iter().filter_map(ManuallyChanged::of).cloned().collect()
}

#[tokio::test]
async fn a_retry_a_discard_and_another_time_name_their_jobs_in_event_and_log() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = fixture.start(jobs::jobs![Fail]).await;
    let client = running.client();
    let failed = id(Fail::perform_later().on(&client).await.unwrap());
    fixture.reaches(failed, State::Failed).await;
    running.stop().await;
    assert_eq!(client.manage().unwrap().retry(&[failed]).await.unwrap(), 1);
    assert!(client.reschedule(failed, Due::In(Duration::from_secs(60))).await.unwrap().is_changed());
    assert!(client.cancel(failed).await.unwrap().is_changed());
    let expected = ["retry", "reschedule", "discard"].map(|action| ManuallyChanged::jobs(action, vec![failed], 1));
    assert_eq!(changes(&fixture), expected);
    for action in ["retry", "reschedule", "discard"] {
        let line = log.only(&format!("This program requested {action} of the job {failed}: 1 changed"));
        assert!(line.starts_with("INFO jobs::audit: ") && line.contains(&format!("action={action}")), "{line}");
    }
}

#[tokio::test]
async fn a_pause_and_its_end_name_the_queue_and_a_prune_how_many() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let client = fixture.builder(jobs::jobs![Fail]).build().await.unwrap().client();
    let manage = client.manage().unwrap();
    assert!(manage.pause("mail").await.unwrap() && manage.resume("mail").await.unwrap());
    let dropped = id(Fail::perform_later().on(&client).await.unwrap());
    client.cancel(dropped).await.unwrap();
    assert_eq!(manage.prune(Duration::ZERO, 10).await.unwrap(), 1);
    let expected = [
        ManuallyChanged::queue("pause", "mail"),
        ManuallyChanged::queue("resume", "mail"),
        ManuallyChanged::jobs("discard", vec![dropped], 1),
        ManuallyChanged::jobs("prune", Vec::new(), 1),
    ];
    assert_eq!(changes(&fixture), expected);
    assert!(log.has("This program requested pause of the queue mail: 1 changed"), "{:?}", log.lines());
    assert!(log.has("This program requested prune of old jobs: 1 changed"), "{:?}", log.lines());
}

#[tokio::test]
async fn a_call_that_changes_nothing_is_no_change() {
    let fixture = Fixture::new();
    let client = fixture.builder(jobs::jobs![Fail]).build().await.unwrap().client();
    let manage = client.manage().unwrap();
    let waits = id(Fail::perform_later().on(&client).await.unwrap());
    assert!(!manage.resume("mail").await.unwrap());
    assert_eq!((manage.retry(&[waits]).await.unwrap(), manage.prune(Duration::ZERO, 10).await.unwrap()), (0, 0));
    assert_eq!(changes(&fixture), []);
}

#[tokio::test]
async fn a_recurring_task_that_is_run_now_names_its_key_and_its_job() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let client = fixture.builder(jobs::jobs![Fail]).build().await.unwrap().client();
    let task = jobs::recurring::RecurringTask::new("nightly", "fail", "0 2 * * *");
    let job = id(client.run_recurring(&task).await.unwrap());
    assert_eq!(changes(&fixture), [ManuallyChanged::task("run", "nightly", Some(job))]);
    assert!(log.has(&format!("run of the recurring task nightly, as the job {job}: 1 changed")), "{:?}", log.lines());
}

#[tokio::test]
async fn a_request_to_cancel_a_running_job_is_an_event_before_the_job_ends() {
    let fixture = Fixture::new();
    let gate = std::sync::Arc::new(tokio::sync::Semaphore::new(0));
    let running =
        fixture.builder(jobs::jobs![Stay]).provide(gate.clone()).build().await.unwrap().start().await.unwrap();
    let job = id(Stay::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(job, |event| matches!(event, Event::PerformStarted(_))).await;
    running.client().cancel(job).await.unwrap();
    assert_eq!(changes(&fixture), [ManuallyChanged::jobs("cancel", vec![job], 1)]);
    gate.add_permits(1);
    fixture.reaches(job, State::Finished).await;
}

#[job]
async fn stay(gate: &std::sync::Arc<tokio::sync::Semaphore>) -> Result<(), io::Error> {
    gate.acquire().await.map_err(io::Error::other)?.forget();
    Ok(())
}

#[tokio::test]
async fn an_enqueue_by_name_leaves_the_audit_record_to_its_tool() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let client = fixture.builder(jobs::jobs![Fail]).build().await.unwrap().client();
    assert!(client.enqueue_by_name("fail", "{}", None, None).await.unwrap().id().is_some());
    assert_eq!(changes(&fixture), []);
    assert!(log.lines().iter().all(|line| !line.contains("jobs::audit")), "{:?}", log.lines());
}
