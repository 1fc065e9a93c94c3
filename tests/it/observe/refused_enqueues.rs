//! Events and log lines of jobs that are not stored, or of which that is not known.

use std::io;
use std::sync::Arc;

use jobs::events::{EnqueueFailed, EnqueuedAll, EventType};
use jobs::prelude::*;
use jobs::{AnyJob, Error};
use jobs_testing::FaultyStore;
use tracing::Level;

use crate::fixture::Fixture;
use crate::observe::log_capture::Log;

#[job]
async fn rest() -> Result<(), io::Error> {
    Ok(())
}

#[job]
async fn count(pairs: std::collections::BTreeMap<(u8, u8), u8>) -> Result<(), io::Error> {
    drop(pairs);
    Ok(())
}

fn the<E: EventType + Clone>(fixture: &Fixture) -> E {
    let events: Vec<E> = fixture.recorder.events().iter().filter_map(E::of).cloned().collect();
    let [event] = &events[..] else { panic!("{} events `{}`", events.len(), E::NAME) };
    event.clone()
}

#[tokio::test]
async fn a_job_of_a_bulk_that_cannot_be_stored_is_an_event_a_line_and_named_in_the_error() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let client = fixture.builder(jobs::jobs![Rest, Count]).build().await.unwrap().client();
    let bulk = [AnyJob::from(Rest::new()), AnyJob::from(Rest::perform_later().queue("two words")), Rest::new().into()];
    let failed = client.perform_all_later(bulk).await.unwrap_err();
    assert!(failed.to_string().contains("job 2 of the bulk, `rest`, cannot be stored: "), "{failed}");
    assert_eq!((failed.stored.len(), failed.unanswered), (0, 0));
    let event = the::<EnqueueFailed>(&fixture);
    assert_eq!((event.job.name.as_str(), event.job.queue.as_str()), ("rest", "two words"));
    assert!(!event.may_be_stored && event.error.class == "jobs::Error", "{event:?}");
    assert!(log.only("Failed enqueuing rest to Memory(two words): jobs::Error (").starts_with("ERROR"));
    assert!(log.has("Failed enqueuing 2 jobs to Memory"), "none of the call is stored: {:?}", log.lines());
}

#[tokio::test]
async fn a_job_in_a_later_call_of_a_bulk_is_named_by_its_place_in_the_list() {
    let fixture = Fixture::new();
    let client = fixture.builder(jobs::jobs![Rest]).build().await.unwrap().client();
    let bulk = (1..=5000).map(|place| match place {
        4500 => AnyJob::from(Rest::perform_later().queue("two words")),
        _ => AnyJob::from(Rest::new()),
    });
    let failed = client.perform_all_later(bulk).await.unwrap_err();
    assert!(failed.to_string().contains("job 4500 of the bulk"), "{failed}");
    assert_eq!(failed.stored.len(), 4000);
    let bulk = the::<EnqueuedAll>(&fixture).bulk;
    assert_eq!((bulk.stored, bulk.failed, bulk.may_be_stored), (4000, 500, false));
}

#[tokio::test]
async fn arguments_that_cannot_be_written_are_an_event_alone_and_in_a_bulk() {
    let pairs = std::collections::BTreeMap::from([((1, 2), 3)]);
    for in_bulk in [false, true] {
        let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
        let client = fixture.builder(jobs::jobs![Count]).build().await.unwrap().client();
        if in_bulk {
            client.perform_all_later([Count::new(pairs.clone())]).await.unwrap_err();
        } else {
            Count::perform_later(pairs.clone()).on(&client).await.unwrap_err();
        }
        assert_eq!(the::<EnqueueFailed>(&fixture).job.name, "count");
        assert!(log.has("Failed enqueuing count to Memory(default): "), "{:?}", log.lines());
    }
}

#[tokio::test]
async fn after_an_answer_that_was_lost_no_line_says_that_nothing_is_stored() {
    let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let client = fixture.builder(jobs::jobs![Rest]).build().await.unwrap().client();
    faulty.fail_after("enqueue", 2, || Error::transient("the connection broke"));
    client.perform_all_later([Rest::new(), Rest::new()]).await.unwrap_err();
    Rest::perform_later().on(&client).await.unwrap_err();
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 3, "all are stored");
    let doubt = "may be stored all the same";
    assert!(log.only("Failed enqueuing 2 jobs").contains(doubt), "{:?}", log.lines());
    assert!(log.only("Failed enqueuing rest").contains(doubt), "{:?}", log.lines());
    assert!(the::<EnqueuedAll>(&fixture).bulk.may_be_stored && the::<EnqueueFailed>(&fixture).may_be_stored);
}

#[tokio::test]
async fn a_bulk_that_the_store_refused_for_certain_is_told_without_doubt() {
    let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let client = fixture.builder(jobs::jobs![Rest]).build().await.unwrap().client();
    faulty.fail_before("enqueue", 1, || Error::invalid("no"));
    client.perform_all_later([Rest::new(), Rest::new()]).await.unwrap_err();
    assert!(
        log.only("Failed enqueuing 2 jobs").ends_with("Failed enqueuing 2 jobs to Memory count=0 failed=2"),
        "{:?}",
        log.lines()
    );
}
