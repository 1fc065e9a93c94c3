//! Callbacks around the storing of a job.
#![expect(clippy::unused_async, reason = "callbacks may be async, whatever their body does")]

use std::io;
use std::sync::{Arc, LazyLock};

use jobs::callback::{JobDraft, NextEnqueue};
use jobs::prelude::*;
use jobs::{Error, Event};
use jobs_testing::FaultyStore;

use crate::fixture::{CallLog, Fixture, id};

static NOTES: LazyLock<CallLog> = LazyLock::new(CallLog::default);

/// The log lines of one job.
fn noted(number: u32) -> Vec<String> {
    let about = format!(" {number}");
    NOTES.all().into_iter().filter_map(|words| words.strip_suffix(&about).map(str::to_owned)).collect()
}

#[jobs::base(around_enqueue(timed))]
struct Timed;

async fn timed(enqueue: &mut JobDraft, next: NextEnqueue<'_>) -> Result<(), Failure> {
    enqueue.priority += 1;
    next.run(enqueue).await
}

#[job(base = Timed, before_enqueue(check), around_enqueue(choose), after_enqueue(note_stored))]
async fn be_stored(number: u32) -> Result<(), io::Error> {
    let _ = number;
    Ok(())
}

fn check(_: &mut JobDraft, job: &BeStored) -> Result<(), Halt> {
    if job.number == 1 { Err(Halt) } else { Ok(()) }
}

async fn choose(enqueue: &mut JobDraft, job: &BeStored, next: NextEnqueue<'_>) -> Result<(), Failure> {
    NOTES.add(format!("in {}", job.number));
    match job.number {
        2 => return Ok(()),
        3 => return Err(Failure::from_error(io::Error::other("not today"))),
        _ => {}
    }
    enqueue.priority *= 10;
    let result = next.run(enqueue).await;
    NOTES.add(format!("{} {}", if result.is_ok() { "out" } else { "lost" }, job.number));
    match job.number {
        4 => Err(Failure::from_error(io::Error::other("too late"))),
        5 => Ok(()),
        _ => result,
    }
}

async fn note_stored(_: &mut JobDraft, job: &BeStored) {
    NOTES.add(format!("stored {}", job.number));
}

async fn jobs_of(fixture: &Fixture) -> Client {
    fixture.builder(jobs::jobs![BeStored]).build().await.unwrap().client()
}

#[tokio::test]
async fn an_around_enqueue_stands_around_the_storing_and_may_alter_the_job_before() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let id = id(BeStored::perform_later(0).priority(3).on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.priority, 40, "the base's is outside of the job's");
    assert_eq!(noted(0), ["in", "stored", "out"]);
}

#[tokio::test]
async fn a_halt_or_a_missing_next_stores_nothing_and_the_caller_is_notified() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    for (number, seen) in [(1, &[] as &[&str]), (2, &["in"])] {
        assert_eq!(BeStored::perform_later(number).on(&jobs).await.unwrap(), Enqueued::Halted);
        assert_eq!(noted(number), seen);
    }
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::EnqueueHalted(_))), 2);
}

#[tokio::test]
async fn an_around_enqueue_that_fails_before_the_storing_is_an_error_for_the_caller() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let words = BeStored::perform_later(3).on(&jobs).await.unwrap_err().to_string();
    assert!(words.contains("`be_stored`") && words.contains("not today"), "{words}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[tokio::test]
async fn one_that_fails_after_the_storing_is_an_event_and_the_caller_gets_the_stored_job() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let id = id(BeStored::perform_later(4).on(&jobs).await.unwrap());
    let event = fixture.recorder.wait_for(|event| matches!(event, Event::CallbackFailed(_))).await;
    let Event::CallbackFailed(event) = event else { panic!("another event") };
    assert_eq!((event.job.id, event.error.message.as_str()), (id, "too late"));
}

#[tokio::test]
async fn a_store_error_passes_through_with_its_kind_and_may_be_suppressed() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = jobs_of(&fixture).await;
    faulty.fail_before("enqueue", 2, || Error::transient("the store is gone"));
    let error = BeStored::perform_later(6).on(&jobs).await.unwrap_err();
    assert!(error.is_transient() && error.to_string() == "the store is gone", "{error}");
    assert_eq!(noted(6), ["in", "lost"], "no after callback runs");
    let kept = BeStored::perform_later(5).on(&jobs).await.unwrap();
    assert_eq!((kept, noted(5)), (Enqueued::Halted, vec!["in".to_owned(), "lost".to_owned()]));
}

#[tokio::test]
async fn a_job_that_cannot_be_stored_gets_the_same_error_with_and_without_callbacks() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let error = BeStored::perform_later(7).queue("two words").on(&jobs).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("`two words`"), "{error}");
}
