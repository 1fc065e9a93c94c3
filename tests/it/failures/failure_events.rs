//! Failure events are emitted only after the outcome is certain.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::events::Failed;
use jobs::prelude::*;
use jobs::{Error, Event, PerformError, State};
use jobs_testing::FaultyStore;

use crate::fixture::{CallLog, Fixture, log_call};

#[job(
    queue = "calls",
    retry_on(io::Error, wait = 3s, jitter = 0.0, queue = "again", priority = 5),
    after_discard(log_discard)
)]
async fn call() -> Result<(), io::Error> {
    Err(io::Error::other("the line is busy"))
}

fn log_discard(ctx: &Context, failure: &Failure) {
    log_call(ctx, format!("discarded: {failure}"));
}

/// The reports to a collector of errors: attempt, and whether there will be another.
type Reports = Arc<Mutex<Vec<(u32, bool)>>>;

fn reporting(builder: jobs::RuntimeBuilder) -> (jobs::RuntimeBuilder, Reports) {
    let reports = Reports::default();
    let note = reports.clone();
    let builder = builder.report_errors_to(move |report: &jobs::runtime::ErrorReport<'_>| {
        note.lock().unwrap().push((report.job.attempt, report.will_retry));
    });
    (builder, reports)
}

/// The names of the events about a job that came so far.
fn reported(fixture: &Fixture) -> Vec<&'static str> {
    fixture.recorder.events().iter().map(Event::name).collect()
}

#[tokio::test]
async fn a_retry_of_perform_now_is_an_event_once_it_is_stored() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let (builder, reports) = reporting(fixture.builder_logging(&calls, jobs::jobs![Call]));
    let jobs = builder.build().await.unwrap().client();
    let error = Call::perform_now().on(&jobs).await.unwrap_err();
    assert!(matches!(error, PerformError::Job(_)), "{error:?}");
    assert_eq!(reported(&fixture), ["perform_start", "enqueue_retry", "attempt_ended"]);
    assert_eq!(*reports.lock().unwrap(), [(1, true)]);
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Scheduled), 1, "and it is there");
}

#[tokio::test]
async fn a_retry_that_could_not_be_stored_is_reported_once_as_a_final_failure() {
    let (mut fixture, calls) = (Fixture::new(), CallLog::default());
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let (builder, reports) = reporting(fixture.builder_logging(&calls, jobs::jobs![Call]));
    let jobs = builder.build().await.unwrap().client();
    faulty.fail_before("enqueue", 1, || Error::transient("the store is gone"));
    let error = Call::perform_now().on(&jobs).await.unwrap_err();
    let words = error.to_string();
    assert!(words.contains("the store is gone") && words.contains("the line is busy"), "{words}");
    let names = ["perform_start", "fail", "attempt_ended"];
    assert_eq!(reported(&fixture), names, "there is no event of a retry that does not exist");
    assert_eq!(*reports.lock().unwrap(), [(1, false)]);
    assert_eq!(calls.all(), ["discarded: the line is busy"], "the death handler is called for this job");
    let failed = fixture.recorder.wait_for(|event| matches!(event, Event::Failed(_))).await;
    let Event::Failed(Failed { error: record, .. }) = failed else { panic!("{failed:?}") };
    assert!(record.causes.concat().contains("the store is gone"), "{record:?}");
}

#[tokio::test]
async fn a_retry_that_inline_cannot_wait_for_is_a_final_failure() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let watch = fixture.recorder.watch();
    let builder = Runtime::builder().connect("inline:").register(jobs::jobs![Call]).provide(calls.clone());
    let (builder, reports) = reporting(builder.watch(move |event| watch(event)));
    let jobs = builder.build().await.unwrap().client();
    let error = Call::perform_later().on(&jobs).await.unwrap_err();
    assert!(error.to_string().contains("`inline:` cannot wait"), "{error}");
    assert_eq!(
        reported(&fixture),
        ["perform_start", "fail", "attempt_ended", "enqueue"],
        "there is no event of a retry that does not happen"
    );
    assert_eq!(*reports.lock().unwrap(), [(1, false)]);
    assert_eq!(calls.all(), ["discarded: the line is busy"]);
}

#[tokio::test]
async fn a_retry_decided_during_a_transaction_keeps_its_options_and_survives_a_rollback() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("jobs.db");
    let (fixture, calls) = (Fixture::on_file(&file), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![Call]).build().await.unwrap().client();
    let mut own = rusqlite::Connection::open(&file).unwrap();
    let transaction = own.transaction().unwrap();
    let seen: i64 = transaction.query_row("SELECT count(*) FROM jobs", [], |row| row.get(0)).unwrap();
    let _error = Call::perform_now().on(&jobs).await.unwrap_err();
    transaction.rollback().unwrap();
    let stored = fixture.inspect().list(&jobs::store::Filter::default()).await.unwrap();
    let [retry] = &stored[..] else { panic!("{stored:?}") };
    assert_eq!((seen, retry.queue.as_str(), retry.priority, retry.state), (0, "again", 5, State::Scheduled));
    assert_eq!(retry.due_at.duration_since(retry.enqueued_at), Duration::from_secs(3));
}
