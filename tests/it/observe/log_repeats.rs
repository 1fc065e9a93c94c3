//! A line that concerns each of many jobs is written once in a minute, with the number of all.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Error, Event, State};
use jobs_testing::FaultyStore;
use tracing::Level;

use crate::fixture::Fixture;
use crate::observe::log_capture::Log;

const MINUTE: Duration = Duration::from_secs(60);

#[job]
async fn take(number: u64) -> Result<(), io::Error> {
    let _ = number;
    Ok(())
}

fn unknown(event: &Event) -> bool {
    matches!(event, Event::NameUnknown(_))
}

fn store_failed(event: &Event) -> bool {
    matches!(event, Event::StoreFailed(_))
}

#[tokio::test]
async fn an_unknown_name_is_one_line_in_a_minute_with_the_number_and_the_two_cures() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    for name in ["old_name", "old_name", "old_name", "left_out"] {
        fixture.store_raw(name, "{}", |_| {}).await;
    }
    let running = fixture.start(jobs::jobs![Take]).await;
    fixture.recorder.wait_for_count(4, unknown).await;
    let line = log.only("No job named `old_name` is registered here");
    assert!(line.starts_with("ERROR") && !line.contains("more since"), "{line}");
    assert!(line.contains(r#"`aliases("old_name")`"#) && line.contains("`use its_crate as _;`"), "{line}");
    assert!(log.has("No job named `left_out`"), "each name has its line: {:?}", log.lines());
    running.stop().await;
}

#[tokio::test]
async fn the_next_line_of_an_unknown_name_says_how_many_were_left_out() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    for _ in 0..30 {
        fixture.store_raw("old_name", "{}", |_| {}).await;
    }
    let running = fixture.start(jobs::jobs![Take]).await;
    fixture.recorder.wait_for_count(30, unknown).await;
    assert_eq!(count(&log, "No job named"), 1);
    fixture.clock.advance(MINUTE);
    fixture.recorder.wait_for_count(60, unknown).await;
    assert_eq!(count(&log, "No job named"), 2);
    assert!(log.has("stays in the store (29 more since the last such line)"), "{:?}", log.lines());
    assert!(log.has("left_out=29"), "as a field too: {:?}", log.lines());
    running.stop().await;
}

fn count(log: &Log, words: &str) -> usize {
    log.lines().iter().filter(|line| line.contains(words)).count()
}

#[tokio::test]
async fn arguments_of_one_name_that_cannot_be_read_are_one_line_and_all_events() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let mut last = None;
    for _ in 0..20 {
        last = Some(fixture.store_raw("take", r#"{"number":"many"}"#, |_| {}).await);
    }
    let running = fixture.start(jobs::jobs![Take]).await;
    fixture.recorder.wait_for_count(20, |event| matches!(event, Event::Failed(_))).await;
    fixture.reaches(last.unwrap(), State::Failed).await;
    assert_eq!(count(&log, "Error performing take"), 1, "{:?}", log.lines());
    running.stop().await;
}

#[tokio::test]
async fn the_same_error_of_the_store_is_one_line_and_another_error_has_its_own() {
    let (mut fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    faulty.fail_before("dispatch", 5, || Error::transient("the disk is full"));
    let running = fixture.start(jobs::jobs![Take]).await;
    fixture.recorder.wait_for_count(5, store_failed).await;
    assert_eq!(count(&log, "the disk is full"), 1, "{:?}", log.lines());
    faulty.fail_before("dispatch", 1, || Error::transient("the disk is gone"));
    fixture.recorder.wait_for_count(6, store_failed).await;
    assert_eq!(count(&log, "the disk is gone"), 1, "{:?}", log.lines());
    running.stop().await;
}
