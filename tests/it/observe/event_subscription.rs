//! Subscribing to events by their type.

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jobs::events::{self, EventType};
use jobs::prelude::*;
use jobs::{Event, State};

use crate::fixture::{Fixture, id};

#[job(queue = "mail", retry_on(io::Error, wait = 1s, attempts = 2, jitter = 0.0))]
async fn deliver(fails: bool) -> Result<(), io::Error> {
    if fails { Err(io::Error::other("no post today")) } else { Ok(()) }
}

/// The received events, in order.
type Received = Arc<Mutex<Vec<String>>>;

fn receive(received: &Received, words: String) {
    received.lock().unwrap().push(words);
}

#[tokio::test]
async fn each_subscriber_gets_the_events_of_its_type() {
    let (fixture, received) = (Fixture::new(), Received::default());
    let [one, two, three, four] = [received.clone(), received.clone(), received.clone(), received.clone()];
    let running = fixture
        .builder(jobs::jobs![Deliver])
        .on::<events::Enqueued>(move |event| receive(&one, format!("enqueued {}", event.job.queue)))
        .on::<events::Performed>(move |event| {
            receive(&two, format!("performed {} {}", event.job.attempt, event.duration < Duration::from_secs(20)));
        })
        .on::<events::RetryScheduled>(move |event| {
            receive(&three, format!("retry {} {:?} {}", event.job.attempt, event.wait, event.error.message));
        })
        .on::<events::Failed>(move |event| {
            receive(&four, format!("failed {} {}", event.job.attempt, event.error.attempt));
        });
    let running = running.build().await.unwrap().start().await.unwrap();
    let failing = id(Deliver::perform_later(true).on(&running.client()).await.unwrap());
    let _wait = fixture.wait_after(failing, 1).await;
    fixture.reaches(failing, State::Failed).await;
    let fine = id(Deliver::perform_later(false).on(&running.client()).await.unwrap());
    fixture.reaches(fine, State::Finished).await;
    let expected = ["enqueued mail", "retry 1 1s no post today", "failed 2 2", "enqueued mail", "performed 1 true"];
    assert_eq!(*received.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_subscriber_that_panics_does_no_harm() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Deliver]).on::<events::PerformStarted>(|_| panic!("cannot bear it"));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Deliver::perform_later(false).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
}

#[tokio::test]
async fn the_names_of_the_types_are_those_of_the_events() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Deliver]).await;
    let id = id(Deliver::perform_later(false).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    let named = |event: &Event| match event.name() {
        events::Enqueued::NAME => events::Enqueued::of(event).map(|event| event.job.clone()),
        events::PerformStarted::NAME => events::PerformStarted::of(event).map(|event| event.job.clone()),
        events::Performed::NAME => events::Performed::of(event).map(|event| event.job.clone()),
        _ => None,
    };
    let reported = fixture.recorder.events();
    let about: Vec<_> = reported.iter().filter_map(named).map(|job| job.id).collect();
    assert_eq!(about, [id, id, id]);
}
