//! Jobs that run for longer than expected: what is reported and logged of them.

use std::future::pending;
use std::io;
use std::time::Duration;

use jobs::events::{EventType, RanSlowly, SlowReason};
use jobs::prelude::*;
use jobs::{Event, State};
use tracing::Level;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;

#[job(timeout = 1h)]
async fn nap(millis: u64) -> Result<(), io::Error> {
    let _elapsed = tokio::time::timeout(Duration::from_millis(millis), pending::<()>()).await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_job_that_takes_far_longer_than_before_is_reported_without_any_setting() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Nap]).await;
    let jobs = running.client();
    for _ in 0..10 {
        Nap::perform_later(1_u64).on(&jobs).await.unwrap();
    }
    running.drained().await.unwrap();
    assert_eq!(fixture.recorder.count(|event| RanSlowly::of(event).is_some()), 0);
    Nap::perform_later(150_000_u64).on(&jobs).await.unwrap();
    running.drained().await.unwrap();
    let events = fixture.recorder.events();
    let slow: Vec<&RanSlowly> = events.iter().filter_map(RanSlowly::of).collect();
    let seen: Vec<_> = slow.iter().map(|event| (event.duration.as_secs(), event.is_repeated)).collect();
    assert_eq!(seen, [(60, false), (120, true)], "no job is unusual before a minute, and each report is later");
    assert!(
        slow.iter()
            .all(|event| matches!(event.reason, SlowReason::Unusual { longest } if longest < Duration::from_secs(1)))
    );
}

/// Lets seconds pass one by one, so that all timers of the runtime run.
async fn pass(seconds: u32) {
    for _ in 0..seconds {
        tokio::time::advance(Duration::from_secs(1)).await;
        tokio::task::yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_job_that_takes_far_longer_than_before_is_shown_until_it_ends() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Nap]).await;
    let jobs = running.client();
    for _ in 0..10 {
        Nap::perform_later(1_u64).on(&jobs).await.unwrap();
    }
    running.drained().await.unwrap();
    let slow = async || {
        let processes = fixture.store.inspect().unwrap().processes().await.unwrap();
        processes.into_iter().flat_map(|record| record.process.slow).map(|job| (job.id, job.name)).collect::<Vec<_>>()
    };
    let id = id(Nap::perform_later(150_000_u64).on(&jobs).await.unwrap());
    pass(40).await;
    assert_eq!(slow().await, [], "no job is unusual before a minute");
    pass(60).await;
    assert_eq!(slow().await, [(id, "nap".to_owned())]);
    running.drained().await.unwrap();
    pass(60).await;
    assert_eq!(slow().await, [], "it has ended");
    running.stop().await;
}

#[job(timeout = 20ms)]
async fn call(ctx: &Context) -> Result<(), io::Error> {
    ctx.set_step("dial");
    pending().await
}

#[tokio::test]
async fn a_time_out_that_comes_near_is_logged_with_job_id_and_step() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = fixture.start(jobs::jobs![Call]).await;
    let id = id(Call::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Failed).await;
    fixture.saw(id, |event| matches!(event, Event::Failed(_))).await;
    let line = log.only("runs for longer than");
    let words = format!(
        "call (Job ID: {id}) runs for longer than 16.0ms; its time-out stops it after 20ms; it is at the step `dial`"
    );
    assert!(line.contains("WARN") && line.contains(&words), "{line}");
}

#[tokio::test]
async fn the_start_says_how_long_jobs_without_a_time_out_may_run() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = fixture.start(jobs::jobs![Nap, Rest]).await;
    running.stop().await;
    let line = log.only("without a time-out of their own");
    assert!(line.contains("(1 here) are stopped after 1h 0m") && line.contains("`default_timeout`"), "{line}");
}

#[job]
async fn rest(ctx: &Context) -> Result<(), io::Error> {
    ctx.snooze(Duration::from_secs(90));
    Ok(())
}

#[tokio::test]
async fn a_job_that_puts_itself_off_is_logged_with_its_wait() {
    let (fixture, log) = (Fixture::new(), Log::from(Level::INFO));
    let running = fixture.start(jobs::jobs![Rest]).await;
    let id = id(Rest::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Scheduled).await;
    let line = log.only("Snoozed");
    assert!(line.contains("INFO") && line.contains(&format!("Snoozed rest (Job ID: {id}) for 90.0s")), "{line}");
}
