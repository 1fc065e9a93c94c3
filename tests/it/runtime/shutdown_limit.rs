//! The shutdown time-out holds whether or not a caller waits for the stop.

use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, JobId, RuntimeHandle, State};
use tokio::time::Instant;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;
use crate::runtime::broken_store::BrokenStore;

/// Never ends by itself.
#[job]
async fn hang() -> Result<(), std::io::Error> {
    std::future::pending().await
}

#[job]
async fn work() -> Result<(), std::io::Error> {
    Ok(())
}

const LIMIT: Duration = Duration::from_millis(20);

/// A runtime with a job that never ends.
async fn hanging(fixture: &Fixture) -> (RuntimeHandle, JobId) {
    let builder = fixture.builder(jobs::jobs![Hang]).shutdown_timeout(LIMIT);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let job = id(Hang::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(job, |event| matches!(event, Event::PerformStarted(_))).await;
    (running, job)
}

async fn has_stopped(fixture: &Fixture, job: JobId) {
    fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeStopped(event) if event.returned == 1)).await;
    let released = fixture.record(job).await;
    assert_eq!((released.state, released.attempts), (State::Ready, 0));
    assert_eq!(fixture.inspect().processes().await.unwrap(), [], "the process said goodbye");
}

#[tokio::test]
async fn a_stop_whose_future_is_dropped_ends_within_the_limit() {
    let fixture = Fixture::new();
    let (running, job) = hanging(&fixture).await;
    tokio::select! {
        biased;
        () = running.stop() => unreachable!("the job hangs"),
        () = std::future::ready(()) => {}
    }
    has_stopped(&fixture, job).await;
}

#[tokio::test]
async fn a_runtime_whose_handle_is_dropped_ends_within_the_limit() {
    let fixture = Fixture::new();
    let log = Log::from(tracing::Level::WARN);
    let (running, job) = hanging(&fixture).await;
    drop(running);
    has_stopped(&fixture, job).await;
    assert!(log.only("Stopping: the handle was dropped").contains("RuntimeHandle"));
}

#[tokio::test]
async fn a_runtime_whose_run_is_dropped_ends_within_the_limit() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Hang]).shutdown_timeout(LIMIT).signals(false);
    let runtime = builder.build().await.unwrap();
    let job = id(Hang::perform_later().on(&runtime.client()).await.unwrap());
    tokio::select! {
        ended = runtime.run() => unreachable!("it runs until it is stopped: {ended:?}"),
        () = fixture.saw(job, |event| matches!(event, Event::PerformStarted(_))) => {}
    }
    has_stopped(&fixture, job).await;
}

#[tokio::test(start_paused = true)]
async fn a_store_that_never_answers_delays_the_stop_by_a_grace_at_most() {
    let mut fixture = Fixture::new();
    let store = BrokenStore::around(&mut fixture);
    let running = fixture.start(jobs::jobs![Work]).await;
    store.hold(Some("settle"));
    let job = id(Work::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(job, |event| matches!(event, Event::Performed(_))).await;
    let before = Instant::now();
    running.stop().await;
    let took = before.elapsed();
    assert!((25..32).contains(&took.as_secs()), "25 s and a grace of 5 s: {took:?}");
    assert_eq!(fixture.inspect().processes().await.unwrap(), [], "the process said goodbye");
    assert_eq!(fixture.record(job).await.state, State::Ready, "what is not settled runs again");
}
