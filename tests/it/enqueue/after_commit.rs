//! Jobs that wait for a commit on another database than that of the store.

use std::io;
use std::sync::Arc;

use jobs::callback::JobDraft;
use jobs::prelude::*;
use jobs::store::Store;
use jobs::{Error, State};
use jobs_testing::FaultyStore;

use crate::fixture::{CallLog, Fixture, id};

#[job(before_enqueue(log_call))]
async fn notify(number: u32) -> Result<(), io::Error> {
    let _ = number;
    Ok(())
}

static NOTES: std::sync::LazyLock<CallLog> = std::sync::LazyLock::new(CallLog::default);

fn log_call(_: &mut JobDraft, job: &Notify) {
    NOTES.add(format!("noted {}", job.number));
}

fn noted(number: u32) -> usize {
    NOTES.all().iter().filter(|words| **words == format!("noted {number}")).count()
}

async fn ready(store: &dyn Store) -> u64 {
    store.inspect().unwrap().counts().await.unwrap().of(State::Ready)
}

#[tokio::test]
async fn jobs_held_for_a_commit_are_enqueued_after_it_with_their_callbacks() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![Notify]).build().await.unwrap().client();
    let mut held = jobs.after_commit();
    Notify::perform_later(1).queue("later").after_commit(&mut held);
    Notify::perform_later(2).after_commit(&mut held);
    assert_eq!((held.len(), ready(&*fixture.store).await, noted(1)), (2, 0, 0));
    let answers = held.flush().await.unwrap();
    assert_eq!((answers.len(), held.is_empty(), noted(1)), (2, true, 1));
    assert_eq!(fixture.record(id(answers[0])).await.queue, "later");
    assert_eq!(held.flush().await.unwrap(), [], "each is enqueued once");
    assert_eq!(ready(&*fixture.store).await, 2);
}

#[tokio::test]
async fn held_jobs_that_are_dropped_are_forgotten() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![Notify]).build().await.unwrap().client();
    let mut held = jobs.after_commit();
    Notify::perform_later(3).after_commit(&mut held);
    drop(held);
    assert_eq!((ready(&*fixture.store).await, noted(3)), (0, 0));
}

#[tokio::test]
async fn held_jobs_outlast_a_store_that_fails_and_none_is_stored_twice() {
    let fixture = Fixture::new();
    let store = Arc::new(FaultyStore::new(fixture.store.clone()));
    let jobs = fixture.builder(jobs::jobs![Notify]).store(store.clone()).build().await.unwrap().client();
    let mut held = jobs.after_commit();
    (4..7).for_each(|number| Notify::perform_later(number).after_commit(&mut held));
    let gone = || Error::transient("gone for a moment");
    store.fail_after("enqueue", 1, gone);
    let error = held.flush().await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("3 jobs still wait"), "{error}");
    store.fail_before("enqueue", 1, gone);
    assert!(held.flush().await.is_err());
    let answers = held.flush().await.unwrap();
    assert_eq!((answers.len(), ready(&*fixture.store).await), (3, 3));
}
