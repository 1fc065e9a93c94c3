//! The store fails for a while, and the runtime continues by itself.

use std::sync::Arc;

use jobs::prelude::*;
use jobs::{Error, Event, State};
use jobs_testing::FaultyStore;

use crate::fixture::{Fixture, id};

#[job]
async fn work() -> Result<(), std::io::Error> {
    Ok(())
}

async fn survives(fault: impl Fn(&FaultyStore)) {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let running = fixture.start(jobs::jobs![Work]).await;
    fault(&faulty);
    let id = id(Work::perform_later().on(&running.client()).await.unwrap());
    fixture.recorder.wait_for(|event| matches!(event, Event::StoreFailed(_))).await;
    let record = fixture.reaches(id, State::Finished).await;
    assert_eq!(record.attempts, 1, "it ran once");
    running.stop().await;
    let fenced = fixture.recorder.count(|event| matches!(event, Event::Fenced(_)));
    assert_eq!(fenced, 0, "what was settled by itself is not thought another's");
}

#[tokio::test]
async fn a_store_that_cannot_settle_for_a_while_gets_the_settlement_later() {
    survives(|store| store.fail_before("settle", 3, || Error::transient("gone"))).await;
}

#[tokio::test]
async fn a_store_that_cannot_claim_for_a_while_is_asked_again() {
    survives(|store| store.fail_before("claim", 3, || Error::transient("gone"))).await;
}

#[tokio::test]
async fn an_answer_to_a_settlement_that_was_lost_does_no_harm() {
    survives(|store| store.fail_after("settle", 1, || Error::transient("answer lost"))).await;
}

#[tokio::test]
async fn jobs_of_a_claim_whose_answer_was_lost_come_back_when_the_process_stops() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let running = fixture.start(jobs::jobs![Work]).await;
    let first = id(Work::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(first, State::Finished).await;
    running.quiet();
    fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
    let lost = id(Work::perform_later().on(&running.client()).await.unwrap());
    running.stop().await;

    faulty.fail_after("claim", 1, || Error::transient("answer lost"));
    let unlucky = fixture.start(jobs::jobs![Work]).await;
    fixture.becomes(lost, |record| record.state == State::Claimed).await;
    unlucky.stop().await;
    let record = fixture.record(lost).await;
    assert_eq!((record.state, record.attempts), (State::Ready, 0));
    let _next = fixture.start(jobs::jobs![Work]).await;
    fixture.reaches(lost, State::Finished).await;
}

#[tokio::test]
async fn a_store_that_cannot_answer_any_call_for_a_while_is_asked_again_by_all_parts() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let second = std::time::Duration::from_secs(1);
    let builder =
        fixture.builder(jobs::jobs![Work]).heartbeat_interval(std::time::Duration::from_millis(5)).dead_after(second);
    let running = builder.build().await.unwrap().start().await.unwrap();
    for call in ["dispatch", "claim", "settle", "heartbeat", "recover"] {
        faulty.fail_before(call, 2, || Error::transient("gone"));
    }
    let later = id(Work::perform_later().wait(second).on(&running.client()).await.unwrap());
    for operation in ["dispatch", "settle and claim", "record a heartbeat", "recover"] {
        fixture
            .recorder
            .wait_for(move |event| matches!(event, Event::StoreFailed(event) if event.operation == operation))
            .await;
    }
    fixture.clock.advance(second);
    let record = fixture.reaches(later, State::Finished).await;
    assert_eq!((record.attempts, record.crashes), (1, 0));
    running.stop().await;
}

#[tokio::test]
async fn a_store_that_fails_at_start_is_the_starters_error_and_nothing_runs() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let runtime = fixture.builder(jobs::jobs![Work]).build().await.unwrap();
    faulty.fail_before("heartbeat", 1, || Error::transient("not yet there"));
    let error = runtime.start().await.unwrap_err();
    assert!(error.is_transient() && error.to_string().contains("not yet there"), "{error}");
    assert_eq!(fixture.recorder.events(), []);
}

#[tokio::test]
async fn an_enqueue_that_the_store_refuses_is_the_callers_error_and_may_be_repeated() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = fixture.builder(jobs::jobs![Work]).build().await.unwrap().client();
    faulty.fail_before("enqueue", 1, || Error::transient("gone"));
    assert!(Work::perform_later().on(&jobs).await.unwrap_err().is_transient());
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
    let id = id(Work::perform_later().on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.state, State::Ready);
}
