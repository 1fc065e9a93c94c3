//! Jobs for later.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Clock, Event, State};

use crate::counting::CountingStore;
use crate::setup::{Notes, World, id};

#[job]
async fn ring(number: u32, notes: &Notes) -> Result<(), io::Error> {
    notes.add(number.to_string());
    Ok(())
}

/// Waits until the dispatcher has looked twice from now on: once may have begun before.
async fn looked(counting: &CountingStore) {
    let before = counting.dispatches.load(Ordering::SeqCst);
    while counting.dispatches.load(Ordering::SeqCst) < before + 2 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_job_for_later_does_not_begin_before_its_time_and_begins_after_the_clock_has_moved() {
    let (mut world, notes) = (World::new(), Notes::default());
    let counting = Arc::new(CountingStore::new(world.store.clone()));
    world.store = counting.clone();
    let running = world.noting(&notes, jobs::jobs![Ring]).build().await.unwrap().start().await.unwrap();
    let jobs = running.jobs();
    let hour = Duration::from_secs(3600);
    let by_wait = id(Ring::perform_later(1).wait(hour).on(&jobs).await.unwrap());
    let by_time = id(Ring::perform_later(2).wait_until(world.clock.now().after(hour)).on(&jobs).await.unwrap());
    world.clock.advance(Duration::from_millis(3_599_999));
    looked(&counting).await;
    let probe = id(Ring::perform_later(0).on(&jobs).await.unwrap());
    world.reaches(probe, State::Finished).await;
    for id in [by_wait, by_time] {
        let record = world.record(id).await;
        assert_eq!((record.state, record.attempts), (State::Scheduled, 0));
    }
    assert_eq!(notes.all(), ["0"]);
    world.clock.advance(Duration::from_millis(1));
    for id in [by_wait, by_time] {
        world.reaches(id, State::Finished).await;
    }
}

#[tokio::test]
async fn a_time_in_the_past_and_a_wait_of_nothing_mean_at_once() {
    let (world, notes) = (World::new(), Notes::default());
    let running = world.noting(&notes, jobs::jobs![Ring]).build().await.unwrap().start().await.unwrap();
    let past = world.clock.now().before(Duration::from_secs(100));
    let first = id(Ring::perform_later(1).wait_until(past).on(&running.jobs()).await.unwrap());
    let second = id(Ring::perform_later(2).wait(Duration::ZERO).on(&running.jobs()).await.unwrap());
    for id in [first, second] {
        world.reaches(id, State::Finished).await;
    }
}

#[tokio::test]
async fn a_wait_longer_than_time_itself_is_no_overflow() {
    let (world, notes) = (World::new(), Notes::default());
    let jobs = world.noting(&notes, jobs::jobs![Ring]).build().await.unwrap().jobs();
    let id = id(Ring::perform_later(1).wait(Duration::MAX).on(&jobs).await.unwrap());
    let record = world.record(id).await;
    assert_eq!(record.state, State::Scheduled);
    assert!(record.due_at > world.clock.now());
}

#[tokio::test]
async fn due_jobs_become_ready_in_batches_of_the_size_that_was_set_until_all_are() {
    let (world, notes) = (World::new(), Notes::default());
    let builder =
        world.noting(&notes, jobs::jobs![Ring]).dispatch_interval(Duration::from_millis(5)).dispatch_batch(10);
    let runtime = builder.build().await.unwrap();
    let wait = Duration::from_secs(60);
    let jobs = (0..95).map(|number| jobs::AnyJob::from(Ring::perform_later(number).wait(wait)));
    let _stored = runtime.jobs().perform_all_later(jobs).await.unwrap();
    world.clock.advance(wait);
    let running = runtime.start().await.unwrap();
    running.drained().await.unwrap();
    let batches: Vec<_> = world.recorder.events().iter().filter_map(batch).collect();
    assert_eq!(batches.iter().sum::<usize>(), 95);
    assert_eq!(batches.iter().max(), Some(&10));
    assert_eq!(notes.all().len(), 95);
}

fn batch(event: &Event) -> Option<usize> {
    match event {
        Event::Dispatched(count) => Some(*count),
        _ => None,
    }
}

#[tokio::test]
async fn a_job_scheduled_by_another_process_sooner_than_all_others_is_not_overslept() {
    let (world, notes) = (World::new(), Notes::default());
    // The dispatcher itself would look once an hour; the hint of the store makes it look sooner.
    let builder =
        world.noting(&notes, jobs::jobs![Ring]).dispatch_interval(Duration::from_secs(3600)).dispatch_batch(10);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let far = id(Ring::perform_later(1).wait(Duration::from_secs(3000)).on(&running.jobs()).await.unwrap());
    let near = id(Ring::perform_later(2).wait(Duration::from_millis(30)).on(&running.jobs()).await.unwrap());
    world.clock.advance(Duration::from_millis(30));
    world.reaches(near, State::Finished).await;
    assert_eq!(world.record(far).await.state, State::Scheduled);
}

#[tokio::test]
async fn the_event_of_a_job_for_later_names_its_time() {
    let (world, notes) = (World::new(), Notes::default());
    let jobs = world.noting(&notes, jobs::jobs![Ring]).build().await.unwrap().jobs();
    let id = id(Ring::perform_later(1).wait(Duration::from_secs(9)).on(&jobs).await.unwrap());
    let event = world.recorder.wait_for(|event| matches!(event, Event::EnqueuedAt(..))).await;
    let Event::EnqueuedAt(job, at) = event else { panic!("another event") };
    assert_eq!((job.id, job.attempt, at), (id, 0, world.clock.now().after(Duration::from_secs(9))));
}
