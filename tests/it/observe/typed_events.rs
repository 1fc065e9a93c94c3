//! The fields of typed events, as in Active Job's structured events.

use std::io;
use std::time::Duration;

use jobs::callback::JobDraft;
use jobs::events::{self, EventType};
use jobs::prelude::*;
use jobs::{AnyJob, JobId, State};

use crate::fixture::{Fixture, id};

#[job(
    queue = "mail",
    before_enqueue(check),
    retry_on(io::Error, wait = 1s, attempts = 2, jitter = 0.0),
    discard_on(Gone),
)]
async fn tell(what: String) -> Result<(), Trouble> {
    match what.as_str() {
        "io" => Err(Trouble::Io(io::Error::other("no line"))),
        "gone" => Err(Trouble::Gone(Gone)),
        "odd" => Err(Trouble::Odd),
        _ => Ok(()),
    }
}

#[derive(Debug)]
struct Gone;

impl std::fmt::Display for Gone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("gone")
    }
}

impl std::error::Error for Gone {}

#[derive(Debug)]
enum Trouble {
    Io(io::Error),
    Gone(Gone),
    Odd,
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("trouble")
    }
}

impl std::error::Error for Trouble {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Gone(error) => Some(error),
            Self::Odd => None,
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<Gone> for Trouble {
    fn from(error: Gone) -> Self {
        Self::Gone(error)
    }
}

fn check(_: &mut JobDraft, job: &Tell) -> Result<(), jobs::callback::Stop> {
    match job.what.as_str() {
        "halt" => Err(Halt.into()),
        "fail" => Err(jobs::callback::Stop::Failed(Failure::from_error(Gone))),
        _ => Ok(()),
    }
}

#[job]
async fn keep_still() -> Result<(), io::Error> {
    Ok(())
}

#[job(log_arguments = false)]
async fn keep_secret(word: String) -> Result<(), io::Error> {
    drop(word);
    Ok(())
}

/// The only event of this type.
fn the<E: EventType + Clone>(fixture: &Fixture) -> E {
    let events: Vec<E> = fixture.recorder.events().iter().filter_map(E::of).cloned().collect();
    let count = events.len();
    let Ok([event]) = <[E; 1]>::try_from(events) else { panic!("{count} events `{}`", E::NAME) };
    event
}

async fn started(fixture: &Fixture) -> jobs::RuntimeHandle {
    fixture.start(jobs::jobs![Tell, KeepStill, KeepSecret]).await
}

async fn reported(what: &str, end: State) -> (Fixture, JobId) {
    let fixture = Fixture::new();
    let running = started(&fixture).await;
    let id = id(Tell::perform_later(what).priority(4).on(&running.client()).await.unwrap());
    fixture.reaches(id, end).await;
    (fixture, id)
}

#[tokio::test]
async fn an_enqueue_event_has_name_id_queue_priority_and_arguments() {
    let (fixture, id) = reported("well", State::Finished).await;
    let job = the::<events::Enqueued>(&fixture).job;
    assert_eq!((job.id, job.name.as_str(), job.queue.as_str(), job.priority), (id, "tell", "mail", 4));
    assert_eq!((job.arguments.as_str(), job.attempt), (r#"{"what":"well"}"#, 0));
    assert_eq!((job.at, job.enqueued_at), (None, None));
}

#[tokio::test]
async fn an_event_has_no_arguments_if_the_job_has_none_or_hides_them() {
    let fixture = Fixture::new();
    let jobs = started(&fixture).await.client();
    KeepStill::perform_later().on(&jobs).await.unwrap();
    assert_eq!(the::<events::Enqueued>(&fixture).job.arguments, "{}");
    let fixture = Fixture::new();
    let jobs = started(&fixture).await.client();
    KeepSecret::perform_later("sesame").on(&jobs).await.unwrap();
    assert!(!the::<events::Enqueued>(&fixture).job.arguments.contains("sesame"));
}

#[tokio::test]
async fn a_start_event_has_attempt_and_enqueue_time_and_an_end_event_the_duration() {
    let (fixture, id) = reported("well", State::Finished).await;
    let start = the::<events::PerformStarted>(&fixture).job;
    assert_eq!((start.id, start.attempt), (id, 1));
    assert_eq!(start.enqueued_at, Some(fixture.record(id).await.enqueued_at));
    assert!(the::<events::Performed>(&fixture).duration < Duration::from_secs(20));
}

#[tokio::test]
async fn a_failure_event_has_class_message_attempt_and_duration() {
    let (fixture, _) = reported("odd", State::Failed).await;
    let error = the::<events::Failed>(&fixture).error;
    assert!(error.class.ends_with("typed_events::Trouble"), "{error:?}");
    assert_eq!((error.message.as_str(), error.attempt), ("trouble", 1));
    assert!(error.duration_ms < 20_000, "{error:?}");
}

#[tokio::test]
async fn an_enqueue_callback_error_is_an_event_with_its_class_and_message() {
    let fixture = Fixture::new();
    Tell::perform_later("fail").on(&started(&fixture).await.client()).await.unwrap_err();
    let failed = the::<events::EnqueueFailed>(&fixture);
    assert_eq!((failed.job.name.as_str(), failed.job.queue.as_str()), ("tell", "mail"));
    assert!(failed.error.message.contains("gone") && failed.error.class.ends_with("typed_events::Gone"), "{failed:?}");
}

#[tokio::test]
async fn a_halted_enqueue_is_its_own_event() {
    let fixture = Fixture::new();
    Tell::perform_later("halt").on(&started(&fixture).await.client()).await.unwrap();
    assert_eq!(the::<events::EnqueueHalted>(&fixture).job.name, "tell");
    assert_eq!(fixture.recorder.count(|event| matches!(event, jobs::Event::Enqueued(_))), 0);
}

#[tokio::test]
async fn a_retry_event_has_attempt_wait_class_and_message() {
    let (fixture, _) = reported("io", State::Scheduled).await;
    let retry = the::<events::RetryScheduled>(&fixture);
    assert_eq!((retry.job.attempt, retry.wait), (1, Duration::from_secs(1)));
    assert!(retry.error.class.ends_with("Trouble"), "{retry:?}");
    assert_eq!((retry.error.message.as_str(), &retry.error.causes[..]), ("trouble", &["no line".to_owned()][..]));
}

#[tokio::test]
async fn a_discard_event_has_class_and_message() {
    let (fixture, id) = reported("gone", State::Discarded).await;
    let discarded = the::<events::Discarded>(&fixture);
    assert_eq!((discarded.job.id, discarded.error.message.as_str()), (id, "trouble"));
}

#[tokio::test]
async fn a_bulk_event_has_the_stored_and_refused_counts_by_name() {
    let fixture = Fixture::new();
    let jobs = started(&fixture).await.client();
    let bulk = [AnyJob::new(Tell::new("a")), AnyJob::new(KeepStill::new()), AnyJob::new(Tell::new("b"))];
    jobs.perform_all_later(bulk).await.unwrap();
    let bulk = the::<events::EnqueuedAll>(&fixture).bulk;
    assert_eq!((bulk.stored, bulk.failed), (3, 0));
    assert_eq!((bulk.names["tell"], bulk.names["keep_still"]), (2, 1));
}

#[tokio::test]
async fn an_event_of_an_unknown_job_has_its_name_and_no_arguments() {
    let fixture = Fixture::new();
    let id = fixture.store_raw("left_over", r#"{"card":"4111"}"#, |_| {}).await;
    let running = started(&fixture).await;
    fixture.saw(id, |event| matches!(event, jobs::Event::NameUnknown(_))).await;
    running.quiet();
    let unknown = fixture.recorder.events().iter().find_map(events::NameUnknown::of).cloned().unwrap();
    assert_eq!(unknown.job.name, "left_over");
    assert!(!unknown.job.arguments.contains("4111"), "an unknown job does not say which arguments are secret");
}
