//! Enqueuing one job with its options.

use std::time::Duration;

use jobs::prelude::*;
use jobs::runtime::QueueNaming;
use jobs::{AnyJob, State, Worker};

use crate::fixture::{Fixture, id};

static ORDER: std::sync::Mutex<Vec<u32>> = std::sync::Mutex::new(Vec::new());

#[job(queue = "mail", priority = 3)]
async fn send(number: u32) -> Result<(), std::io::Error> {
    ORDER.lock().unwrap().push(number);
    Ok(())
}

#[job]
async fn store_text(text: String) -> Result<(), std::io::Error> {
    drop(text);
    Ok(())
}

async fn jobs_of(fixture: &Fixture) -> Client {
    fixture.builder(jobs::jobs![Send, StoreText]).build().await.unwrap().client()
}

#[tokio::test]
async fn queue_priority_and_time_come_from_the_job_unless_the_call_says_otherwise() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let plain = fixture.record(id(Send::perform_later(1).on(&jobs).await.unwrap())).await;
    assert_eq!((plain.queue.as_str(), plain.priority, plain.state), ("mail", 3, State::Ready));
    let other = Send::perform_later(2).queue("slow").priority(-1).wait(Duration::from_secs(60)).on(&jobs);
    let other = fixture.record(id(other.await.unwrap())).await;
    assert_eq!((other.queue.as_str(), other.priority, other.state), ("slow", -1, State::Scheduled));
    assert_eq!(other.due_at.duration_since(other.enqueued_at), Duration::from_secs(60));
}

#[tokio::test]
async fn a_bulk_of_mixed_types_is_answered_one_by_one_and_in_order() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let mixed = (0..9000).map(|number| {
        if number % 2 == 0 {
            AnyJob::new(Send::new(number))
        } else {
            AnyJob::from(StoreText::perform_later("x").queue("text"))
        }
    });
    let answers = jobs.perform_all_later(mixed).await.unwrap();
    assert_eq!(answers.len(), 9000);
    let last = fixture.record(id(answers[8999])).await;
    assert_eq!((last.name.as_str(), last.queue.as_str()), ("store_text", "text"));
}

#[tokio::test]
async fn higher_priority_runs_first_then_the_job_enqueued_first() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Send]).worker(Worker::new(["*"]).concurrency(1));
    let runtime = builder.build().await.unwrap();
    let jobs = runtime.client();
    for (number, priority) in [(1, 0), (2, 5), (3, 0), (4, 9), (5, 5)] {
        let _ = Send::perform_later(number).priority(priority).on(&jobs).await.unwrap();
    }
    let running = runtime.start().await.unwrap();
    running.drained().await.unwrap();
    assert_eq!(*ORDER.lock().unwrap(), [4, 2, 5, 1, 3]);
}

#[tokio::test]
async fn arguments_over_the_limit_are_refused_with_their_size() {
    let fixture = Fixture::new();
    let runtime = fixture.builder(jobs::jobs![StoreText]).argument_limit(100).build().await.unwrap();
    let error = StoreText::perform_later("x".repeat(200)).on(&runtime.client()).await.unwrap_err();
    assert!(error.is_invalid() && error.to_string().contains("the limit is 100"), "{error}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[tokio::test]
async fn an_invalid_queue_name_is_refused_and_nothing_is_stored() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    for name in ["", "two words", "star*", "new\nline"] {
        let error = Send::perform_later(1).queue(name).on(&jobs).await.unwrap_err();
        assert!(error.is_invalid(), "{name:?}: {error}");
    }
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[tokio::test]
async fn queue_names_are_mapped_and_prefixed_on_their_way_to_the_store() {
    let fixture = Fixture::new();
    let naming = QueueNaming::new().prefix("shop").map("mail", "post");
    let jobs = fixture.builder(jobs::jobs![Send]).naming(naming).build().await.unwrap().client();
    let record = fixture.record(id(Send::perform_later(1).on(&jobs).await.unwrap())).await;
    assert_eq!(record.queue, "shop_post");
}
