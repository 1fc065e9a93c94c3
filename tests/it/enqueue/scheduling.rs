//! Jobs for later.

use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jobs::prelude::*;
use jobs::time::Clock;
use jobs::{Event, State};

use crate::counting_store::{CallCounts, CountingStore};
use crate::fixture::{CallLog, Fixture, id};

#[job]
async fn ring(number: u32, calls: &CallLog) -> Result<(), io::Error> {
    calls.add(number.to_string());
    Ok(())
}

/// Waits until the dispatcher has run twice from now on: the first run may have begun before.
async fn two_dispatches(counting: &CountingStore) {
    let before = counting.0.dispatches.load(Ordering::SeqCst);
    while counting.0.dispatches.load(Ordering::SeqCst) < before + 2 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_scheduled_job_begins_only_when_the_clock_has_reached_its_time() {
    let (mut fixture, calls) = (Fixture::new(), CallLog::default());
    let counting = CallCounts::of(fixture.store.clone());
    fixture.store = counting.clone();
    let running = fixture.builder_logging(&calls, jobs::jobs![Ring]).build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    let hour = Duration::from_secs(3600);
    let by_wait = id(Ring::perform_later(1).wait(hour).on(&jobs).await.unwrap());
    let by_time = id(Ring::perform_later(2).wait_until(fixture.clock.now() + hour).on(&jobs).await.unwrap());
    fixture.clock.advance(Duration::from_millis(3_599_999));
    two_dispatches(&counting).await;
    let probe = id(Ring::perform_later(0).on(&jobs).await.unwrap());
    fixture.reaches(probe, State::Finished).await;
    for id in [by_wait, by_time] {
        let record = fixture.record(id).await;
        assert_eq!((record.state, record.attempts), (State::Scheduled, 0));
    }
    assert_eq!(calls.all(), ["0"]);
    fixture.clock.advance(Duration::from_millis(1));
    for id in [by_wait, by_time] {
        fixture.reaches(id, State::Finished).await;
    }
}

#[tokio::test]
async fn a_time_in_the_past_and_a_wait_of_nothing_mean_at_once() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Ring]).build().await.unwrap().start().await.unwrap();
    let past = fixture.clock.now() - Duration::from_secs(100);
    let first = id(Ring::perform_later(1).wait_until(past).on(&running.client()).await.unwrap());
    let second = id(Ring::perform_later(2).wait(Duration::ZERO).on(&running.client()).await.unwrap());
    for id in [first, second] {
        fixture.reaches(id, State::Finished).await;
    }
}

#[tokio::test]
async fn a_wait_longer_than_time_itself_is_no_overflow() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![Ring]).build().await.unwrap().client();
    let id = id(Ring::perform_later(1).wait(Duration::MAX).on(&jobs).await.unwrap());
    let record = fixture.record(id).await;
    assert_eq!(record.state, State::Scheduled);
    assert!(record.due_at > fixture.clock.now());
}

#[tokio::test]
async fn due_jobs_become_ready_in_batches_of_the_size_that_was_set_until_all_are() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture
        .builder_logging(&calls, jobs::jobs![Ring])
        .dispatch_interval(Duration::from_millis(5))
        .dispatch_batch(10);
    let runtime = builder.build().await.unwrap();
    let wait = Duration::from_secs(60);
    let jobs = (0..95).map(|number| jobs::AnyJob::from(Ring::perform_later(number).wait(wait)));
    let _stored = runtime.client().perform_all_later(jobs).await.unwrap();
    fixture.clock.advance(wait);
    let running = runtime.start().await.unwrap();
    running.drained().await.unwrap();
    let batches: Vec<_> = fixture.recorder.events().iter().filter_map(batch).collect();
    assert_eq!(batches.iter().sum::<usize>(), 95);
    assert_eq!(batches.iter().max(), Some(&10));
    assert_eq!(calls.all().len(), 95);
}

fn batch(event: &Event) -> Option<usize> {
    match event {
        Event::Dispatched(event) => Some(event.count),
        _ => None,
    }
}

#[tokio::test]
async fn an_earlier_job_scheduled_by_another_process_is_not_missed() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    // The dispatcher alone would run once an hour; the notification of the store makes it run sooner.
    let builder = fixture
        .builder_logging(&calls, jobs::jobs![Ring])
        .dispatch_interval(Duration::from_secs(3600))
        .dispatch_batch(10);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let far = id(Ring::perform_later(1).wait(Duration::from_secs(3000)).on(&running.client()).await.unwrap());
    let near = id(Ring::perform_later(2).wait(Duration::from_millis(30)).on(&running.client()).await.unwrap());
    fixture.clock.advance(Duration::from_millis(30));
    fixture.reaches(near, State::Finished).await;
    assert_eq!(fixture.record(far).await.state, State::Scheduled);
}

#[tokio::test]
async fn the_event_of_a_job_for_later_names_its_time() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![Ring]).build().await.unwrap().client();
    let id = id(Ring::perform_later(1).wait(Duration::from_secs(9)).on(&jobs).await.unwrap());
    let event = fixture.recorder.wait_for(|event| matches!(event, Event::EnqueuedAt(_))).await;
    let Event::EnqueuedAt(event) = event else { panic!("another event") };
    assert_eq!((event.job.id, event.job.attempt, event.at), (id, 0, fixture.clock.now() + Duration::from_secs(9)));
}
