//! Mistakes of a store are errors with its call's name; they lose no job and end no loop.

use std::sync::Arc;
use std::time::Duration;

use jobs::events::StoreFailed;
use jobs::prelude::*;
use jobs::{Error, Event, State};
use jobs_testing::FaultyStore;

use crate::fixture::{Fixture, id};
use crate::runtime::broken_store::BrokenStore;

#[job]
async fn work(number: u32) -> Result<(), std::io::Error> {
    std::hint::black_box(number);
    Ok(())
}

#[tokio::test]
async fn an_answer_to_an_enqueue_that_is_too_short_is_an_error_with_both_numbers() {
    let mut fixture = Fixture::new();
    let store = BrokenStore::around(&mut fixture);
    let jobs = fixture.builder(jobs::jobs![Work]).build().await.unwrap().client();
    store.answer_short("enqueue");
    let partial = jobs.perform_all_later((0..3).map(Work::new)).await.unwrap_err();
    assert!(partial.to_string().contains("answered `enqueue` with 2 results for 3 items"), "{partial}");
    assert_eq!((partial.stored.len(), partial.unanswered), (0, 3));
    store.answer_short("enqueue");
    let error = Work::perform_later(4).on(&jobs).await.unwrap_err();
    assert!(error.to_string().contains("with 0 results for 1 items"), "{error}");
}

#[tokio::test]
async fn a_short_answer_to_settlements_loses_neither_them_nor_claimed_jobs() {
    let mut fixture = Fixture::new();
    let store = BrokenStore::around(&mut fixture);
    let runtime = fixture.builder(jobs::jobs![Work]).worker(Worker::new(["*"]).concurrency(1)).build().await.unwrap();
    let answers = runtime.client().perform_all_later((0..20).map(Work::new)).await.unwrap();
    store.answer_short("settle");
    let running = runtime.start().await.unwrap();
    let event = fixture.recorder.wait_for(|event| matches!(event, Event::StoreFailed(_))).await;
    let Event::StoreFailed(StoreFailed { message, .. }) = event else { unreachable!("it was waited for") };
    assert!(message.contains("the store answered `settle and claim` with"), "{message}");
    for answer in answers {
        let record = fixture.reaches(id(answer), State::Finished).await;
        assert_eq!(record.attempts, 1, "it ran once");
    }
    running.stop().await;
    let fenced = fixture.recorder.count(|event| matches!(event, Event::Fenced(_)));
    assert_eq!(fenced, 0, "a settlement that is sent again is not thought to come too late");
}

#[tokio::test]
async fn a_store_that_panics_in_any_call_is_an_error_and_no_loop_ends() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let second = Duration::from_secs(1);
    let builder = fixture.builder(jobs::jobs![Work]).heartbeat_interval(Duration::from_millis(5)).dead_after(second);
    let running = builder.build().await.unwrap().start().await.unwrap();
    for call in ["dispatch", "claim", "settle", "heartbeat", "recover"] {
        faulty.fail_before(call, 2, || panic!("a bug in the store"));
    }
    let later = id(Work::perform_later(1).wait(second).on(&running.client()).await.unwrap());
    for operation in ["dispatch", "settle and claim", "record a heartbeat", "recover"] {
        let panicked = format!("the store panicked in `{operation}`: a bug in the store");
        let told = |event: &Event| matches!(event, Event::StoreFailed(event) if event.message == panicked);
        fixture.recorder.wait_for(told).await;
    }
    fixture.clock.advance(second);
    let record = fixture.reaches(later, State::Finished).await;
    assert_eq!((record.attempts, record.crashes), (1, 0));
    running.stop().await;
}

#[tokio::test]
async fn a_store_that_panics_in_an_enqueue_is_the_callers_error() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = fixture.builder(jobs::jobs![Work]).build().await.unwrap().client();
    faulty.fail_before("enqueue", 1, || panic!("a bug in the store"));
    let error = Work::perform_later(1).on(&jobs).await.unwrap_err();
    assert_eq!(error.to_string(), "the store panicked in `enqueue`: a bug in the store");
    assert!(!error.is_transient() && !error.is_invalid(), "another call would not help");
    assert!(Work::perform_later(1).on(&jobs).await.is_ok());
}

#[tokio::test]
async fn the_error_of_a_bulk_has_what_is_stored_and_converts_with_a_question_mark() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = fixture.builder(jobs::jobs![Work]).build().await.unwrap().client();
    let failing = async || {
        let lazy = (0..5000).map(|number| {
            if number == 4500 {
                faulty.fail_before("enqueue", 1, || Error::transient("gone"));
            }
            Work::new(number)
        });
        jobs.perform_all_later(lazy).await
    };
    let partial = failing().await.unwrap_err();
    assert_eq!((partial.stored.len(), partial.unanswered), (4000, 1000));
    assert!(partial.error().is_transient());
    assert_eq!(Failure::from_error(partial).class(), "jobs::PartialEnqueue");
    let error = async { failing().await.map_err(Error::from) }.await.unwrap_err();
    assert!(error.is_transient() && error.to_string() == "gone (the 4000 jobs before it are stored)", "{error}");
}
