//! Which log lines there are at which level.

use std::time::Duration;

use jobs::prelude::*;
use jobs::{Error, State};
use tracing::Level;
use tracing_subscriber::filter::LevelFilter;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;

#[job(retry_on(Error, wait = 1s, attempts = 2, jitter = 0.0))]
async fn stumble(falls: bool) -> Result<(), Error> {
    tracing::info!("on the way");
    if falls { Err(Error::other("a stone")) } else { Ok(()) }
}

#[job(discard_on(Error))]
async fn fall() -> Result<(), Error> {
    Err(Error::other("a hole"))
}

/// All log lines of a job that causes every kind of line, at this level and above.
async fn lines_from(level: impl Into<LevelFilter>) -> Log {
    let (fixture, log) = (Fixture::new(), Log::from(level));
    let running = fixture.start(jobs::jobs![Stumble, Fall]).await;
    let jobs = running.client();
    let later = id(Stumble::perform_later(true).wait(Duration::from_secs(1)).on(&jobs).await.unwrap());
    let bulk = jobs.perform_all_later([Stumble::new(false)]).await.unwrap();
    fixture.reaches(id(bulk[0]), State::Finished).await;
    fixture.clock.advance(Duration::from_secs(1));
    let _wait = fixture.wait_after(later, 1).await;
    fixture.reaches(later, State::Failed).await;
    let dropped = id(Fall::perform_later().on(&jobs).await.unwrap());
    fixture.reaches(dropped, State::Discarded).await;
    running.stop().await;
    log
}

const INFO: [&str; 7] = [
    "Enqueued stumble (Job ID",
    "Enqueued 1 job to Memory (1 stumble)",
    "Performing stumble",
    "Performed stumble",
    "on the way",
    "Retrying stumble",
    "Enqueued fall",
];

const ERROR: [&str; 3] = ["Stopped retrying stumble", "Error performing stumble", "Discarded fall"];

#[tokio::test]
async fn at_info_level_enqueue_bulk_start_end_and_retry_are_logged() {
    let log = lines_from(Level::INFO).await;
    for words in INFO.iter().chain(&ERROR) {
        assert!(log.has(words), "`{words}` is missing in {:#?}", log.lines());
    }
}

#[tokio::test]
async fn at_warn_level_enqueue_bulk_start_end_and_retry_are_not_logged() {
    let log = lines_from(Level::WARN).await;
    for words in INFO {
        assert!(!log.has(words), "`{words}` is in {:#?}", log.lines());
    }
}

#[tokio::test]
async fn at_error_level_stopped_retries_and_discards_are_logged_and_at_off_nothing() {
    let log = lines_from(Level::ERROR).await;
    for words in ERROR {
        assert!(log.has(words), "`{words}` is missing in {:#?}", log.lines());
    }
    assert_eq!(lines_from(LevelFilter::OFF).await.lines(), Vec::<String>::new());
}
