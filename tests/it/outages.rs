//! The store fails for a while; the runtime goes on by itself.

use std::sync::Arc;

use jobs::prelude::*;
use jobs::{Error, Event, State};
use jobs_testing::FaultyStore;

use crate::setup::{World, id};

#[job]
async fn work() -> Result<(), std::io::Error> {
    Ok(())
}

async fn survives(fault: impl Fn(&FaultyStore)) {
    let mut world = World::new();
    let faulty = Arc::new(FaultyStore::new(world.store.clone()));
    world.store = faulty.clone();
    let running = world.start(jobs::jobs![Work]).await;
    fault(&faulty);
    let id = id(Work::perform_later().on(&running.jobs()).await.unwrap());
    world.recorder.wait_for(|event| matches!(event, Event::StoreFailed { .. })).await;
    let record = world.reaches(id, State::Finished).await;
    assert_eq!(record.attempts, 1, "it ran once");
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
