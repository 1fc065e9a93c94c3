//! The events that watchers receive.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::events::EventType;
use jobs::prelude::*;
use jobs::{Event, JobId, State, events};
use tokio::sync::Semaphore;

use crate::fixture::{Fixture, id};

#[job(queue = "mail", retry_on(io::Error, wait = 1s, attempts = 2, jitter = 0.0))]
async fn deliver(fails: bool) -> Result<(), io::Error> {
    if fails { Err(io::Error::other("no post today")) } else { Ok(()) }
}

/// The wire names of the events about one job, with its attempt.
fn reported(fixture: &Fixture, id: JobId) -> Vec<(&'static str, u32)> {
    let events = fixture.recorder.events();
    let about = events.iter().filter_map(|event| Some((event.name(), event.job()?)));
    about.filter(|(_, job)| job.id == id).map(|(name, job)| (name, job.attempt)).collect()
}

#[tokio::test]
async fn a_successful_job_has_events_from_enqueue_to_perform() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Deliver]).await;
    let id = id(Deliver::perform_later(false).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    assert_eq!(reported(&fixture, id), [("enqueue", 0), ("perform_start", 1), ("perform", 1), ("attempt_ended", 1)]);
    for event in fixture.recorder.events() {
        let Some(job) = event.job() else { continue };
        assert_eq!((job.name.as_str(), job.queue.as_str()), ("deliver", "mail"), "{event:?}");
    }
    let performed = fixture.recorder.wait_for(|event| matches!(event, Event::Performed(_))).await;
    let Event::Performed(performed) = performed else { panic!("another event") };
    assert!(performed.duration < Duration::from_secs(20));
}

#[tokio::test]
async fn a_failing_job_has_events_for_each_retry_and_the_final_stop() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Deliver]).await;
    let id = id(Deliver::perform_later(true).wait(Duration::from_secs(1)).on(&running.client()).await.unwrap());
    fixture.clock.advance(Duration::from_secs(1));
    let _wait = fixture.wait_after(id, 1).await;
    fixture.reaches(id, State::Failed).await;
    let names = [
        ("enqueue_at", 0),
        ("perform_start", 1),
        ("enqueue_retry", 1),
        ("attempt_ended", 1),
        ("perform_start", 2),
        ("retry_stopped", 2),
        ("fail", 2),
        ("attempt_ended", 2),
    ];
    assert_eq!(reported(&fixture, id), names);
    let failed = fixture.recorder.wait_for(|event| matches!(event, Event::Failed(_))).await;
    let Event::Failed(events::Failed { error, .. }) = failed else { panic!("another event") };
    assert_eq!((error.message.as_str(), error.attempt), ("no post today", 2));
    assert_eq!(error.at, jobs::time::Clock::now(&*fixture.clock));
}

#[tokio::test]
async fn a_runtime_has_events_from_start_to_stop() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Deliver]).await;
    running.quiet();
    fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
    running.stop().await;
    let names: Vec<_> = fixture.recorder.events().iter().map(Event::name).collect();
    assert_eq!(names, ["start", "quiet", "stop"]);
    running.stop().await;
    assert_eq!(fixture.recorder.events().len(), 3, "a second stop tells nothing anew");
}

#[tokio::test]
async fn a_watcher_that_panics_does_no_harm_to_jobs_or_to_other_watchers() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Deliver]).watch(|event| panic!("cannot bear {}", event.name()));
    let late = jobs_testing::Recorder::new();
    let watch = late.watch();
    let running = builder.watch(move |event| watch(event)).build().await.unwrap().start().await.unwrap();
    let id = id(Deliver::perform_later(false).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    running.stop().await;
    let names = |recorder: &jobs_testing::Recorder| -> Vec<_> { recorder.events().iter().map(Event::name).collect() };
    assert_eq!(names(&late), names(&fixture.recorder));
    assert_eq!(names(&late).last(), Some(&"stop"));
}

#[job]
async fn dawdle(gate: &Arc<Semaphore>) -> Result<(), io::Error> {
    gate.acquire().await.map_err(io::Error::other)?.forget();
    Ok(())
}

#[tokio::test]
async fn a_job_that_runs_too_long_is_reported_while_it_runs_and_ever_less_often() {
    let (fixture, gate) = (Fixture::new(), Arc::new(Semaphore::new(0)));
    let builder = fixture.builder(jobs::jobs![Dawdle, Deliver]).provide(gate.clone());
    let running = builder.slow_after(Duration::from_millis(5)).build().await.unwrap().start().await.unwrap();
    let slow = id(Dawdle::perform_later().on(&running.client()).await.unwrap());
    let third = |event: &Event| matches!(event, Event::RanSlowly(event) if event.duration == Duration::from_millis(20));
    fixture.recorder.wait_for(third).await;
    assert_eq!(fixture.record(slow).await.state, State::Claimed, "it is reported while the job runs");
    gate.add_permits(1);
    fixture.reaches(slow, State::Finished).await;
    let limit = Duration::from_millis(5);
    let events = fixture.recorder.events();
    let reports: Vec<_> = events.iter().filter_map(|event| events::RanSlowly::of(event)).collect();
    let durations = std::iter::successors(Some(limit), |last| Some(*last * 2));
    for (index, (report, duration)) in reports.iter().zip(durations).enumerate() {
        assert_eq!((report.job.id, report.duration, report.is_repeated), (slow, duration, index > 0));
        assert_eq!(report.reason, events::SlowReason::Limit { limit });
    }
}

#[tokio::test]
async fn finished_jobs_are_pruned_after_their_time_with_an_event() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![Deliver]).build().await.unwrap();
    let running = jobs.start().await.unwrap();
    let id = id(Deliver::perform_later(false).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    running.stop().await;
    fixture.clock.advance(Duration::from_secs(24 * 60 * 60 + 1));
    let _again = fixture.start(jobs::jobs![Deliver]).await;
    fixture.recorder.wait_for(|event| matches!(event, Event::Pruned(event) if event.count == 1)).await;
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[tokio::test]
async fn a_finished_job_is_kept_for_five_minutes_at_least() {
    let fixture = Fixture::new();
    let builder = || fixture.builder(jobs::jobs![Deliver]).keep_finished(Duration::ZERO);
    let running = builder().build().await.unwrap().start().await.unwrap();
    let failing = id(Deliver::perform_later(true).on(&running.client()).await.unwrap());
    let _wait = fixture.wait_after(failing, 1).await;
    let passing = id(Deliver::perform_later(false).on(&running.client()).await.unwrap());
    running.drained().await.unwrap();
    let repeated = Deliver::perform_later(false).id(passing).on(&running.client()).await.unwrap();
    assert_eq!(id(repeated), passing, "a repeated enqueue is answered as the first");
    running.drained().await.unwrap();
    assert_eq!(fixture.record(passing).await.attempts, 1, "it does not run again");
    running.stop().await;
    fixture.clock.advance(Duration::from_secs(301));
    let _again = builder().build().await.unwrap().start().await.unwrap();
    fixture.recorder.wait_for(|event| matches!(event, Event::Pruned(event) if event.count == 1)).await;
    let counts = fixture.inspect().counts().await.unwrap();
    assert_eq!((counts.of(State::Failed), counts.total()), (1, 1), "a failed job stays");
}

#[tokio::test]
async fn jobs_of_a_dead_process_are_recovered_with_an_event() {
    let (fixture, gate) = (Fixture::new(), Arc::new(Semaphore::new(0)));
    let never = Duration::from_secs(3600);
    let builder =
        fixture.builder(jobs::jobs![Dawdle]).provide(gate.clone()).heartbeat_interval(never).dead_after(never * 2);
    let dead = builder.build().await.unwrap().start().await.unwrap();
    let held = id(Dawdle::perform_later().on(&dead.client()).await.unwrap());
    fixture.saw(held, |event| matches!(event, Event::PerformStarted(_))).await;
    dead.quiet();
    fixture.clock.advance(Duration::from_secs(61));
    let builder = fixture.builder(jobs::jobs![Dawdle]).provide(gate.clone());
    let _other = builder.build().await.unwrap().start().await.unwrap();
    let event = fixture.recorder.wait_for(|event| matches!(event, Event::Recovered(_))).await;
    let Event::Recovered(event) = event else { panic!("another event") };
    assert_eq!((event.processes.len(), event.ready, event.poisoned.len()), (1, 1, 0));
    fixture.becomes(held, |record| record.attempts == 2).await;
    gate.add_permits(2);
    fixture.reaches(held, State::Finished).await;
    dead.stop().await;
}
