//! Many jobs in one call.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jobs::events::EnqueuedAll;
use jobs::prelude::*;
use jobs::{AnyJob, Error, Event, State, Timestamp};
use jobs_testing::FaultyStore;

use crate::counting_store::CallCounts;
use crate::fixture::{Fixture, id};

#[job(queue = "numbers")]
async fn count(number: u64) -> Result<(), io::Error> {
    let _ = number;
    Ok(())
}

#[job]
async fn spell(text: String) -> Result<(), io::Error> {
    drop(text);
    Ok(())
}

async fn jobs_of(fixture: &Fixture) -> Client {
    fixture.builder(jobs::jobs![Count, Spell]).build().await.unwrap().client()
}

#[tokio::test]
async fn a_hundred_thousand_lazy_jobs_are_stored_four_thousand_at_a_time() {
    let mut fixture = Fixture::new();
    let counting = CallCounts::of(fixture.store.clone());
    fixture.store = counting.clone();
    let jobs = jobs_of(&fixture).await;
    let most = AtomicUsize::new(0);
    let lazy = (0..100_000).map(|number| {
        let stored: usize = counting.0.enqueues.lock().unwrap().iter().sum();
        most.fetch_max(number + 1 - stored, Ordering::Relaxed);
        Count::new(number as u64)
    });
    let answers = jobs.perform_all_later(lazy).await.unwrap();
    assert_eq!(answers.len(), 100_000);
    assert_eq!(*counting.0.enqueues.lock().unwrap(), [4000; 25]);
    assert_eq!(most.into_inner(), 4000, "so many were made before they were stored, and no more");
    assert_eq!(fixture.record(id(answers[54_321])).await.arguments, r#"{"number":54321}"#);
    let reported: Vec<_> =
        fixture.recorder.events().into_iter().filter(|event| event.name() == "enqueue_all").collect();
    let [Event::EnqueuedAll(EnqueuedAll { bulk, .. })] = &reported[..] else {
        panic!("one event for the whole: {reported:?}")
    };
    assert_eq!((bulk.stored, bulk.failed, bulk.names["count"]), (100_000, 0, 100_000));
    assert_eq!(fixture.recorder.events().len(), 1, "and none for each");
}

#[tokio::test]
async fn jobs_with_long_arguments_are_stored_a_few_at_a_time() {
    let mut fixture = Fixture::new();
    let counting = CallCounts::of(fixture.store.clone());
    fixture.store = counting.clone();
    let jobs = jobs_of(&fixture).await;
    let half = "x".repeat(1 << 19);
    let answers = jobs.perform_all_later((0..40).map(|_| Spell::new(half.clone()))).await.unwrap();
    assert_eq!(answers.len(), 40);
    assert_eq!(*counting.0.enqueues.lock().unwrap(), [16, 16, 8], "8 MiB of arguments end a piece");
}

#[tokio::test]
async fn each_job_of_a_bulk_keeps_its_own_queue_priority_and_time() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let now = jobs::time::Clock::now(&*fixture.clock);
    let at = now + Duration::from_secs(600);
    let bulk = [
        AnyJob::new(Count::new(1)),
        AnyJob::from(Spell::perform_later("a").queue("words").priority(4)),
        AnyJob::from(Count::perform_later(2).wait(Duration::from_secs(30))),
        AnyJob::from(Spell::perform_later("b").wait_until(at)),
        AnyJob::from(Spell::perform_later("c").wait_until(now - Duration::from_secs(1))),
    ];
    let mut seen = Vec::new();
    for answer in jobs.perform_all_later(bulk).await.unwrap() {
        let record = fixture.record(id(answer)).await;
        seen.push((record.name, record.queue, record.priority, record.due_at.duration_since(now).as_secs()));
    }
    let row = |name: &str, queue: &str, priority, wait| (name.to_owned(), queue.to_owned(), priority, wait);
    let expected = [
        row("count", "numbers", 0, 0),
        row("spell", "words", 4, 0),
        row("count", "numbers", 0, 30),
        row("spell", "default", 0, 600),
        row("spell", "default", 0, 0),
    ];
    assert_eq!(seen, expected);
}

#[tokio::test]
async fn all_jobs_of_a_bulk_run() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Count, Spell]).await;
    let bulk = (0..300)
        .map(|number| if number % 3 == 0 { AnyJob::new(Spell::new("x")) } else { AnyJob::new(Count::new(number)) });
    assert_eq!(running.client().perform_all_later(bulk).await.unwrap().len(), 300);
    running.drained().await.unwrap();
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Finished), 300);
}

#[tokio::test]
async fn an_empty_bulk_stores_nothing_and_is_no_event() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    assert_eq!(jobs.perform_all_later(Vec::<Count>::new()).await.unwrap(), []);
    assert_eq!(fixture.recorder.events(), []);
}

#[tokio::test]
async fn a_job_that_cannot_be_stored_stops_the_bulk_and_the_error_tells_how_many_are() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let bulk = (0..15_000).map(|number| {
        let job = Count::perform_later(number);
        if number == 9000 { job.queue("two words") } else { job }
    });
    let error = Error::from(jobs.perform_all_later(bulk).await.unwrap_err());
    assert!(error.is_invalid(), "{error}");
    assert!(error.to_string().contains("`two words`") && error.to_string().contains("8000 jobs before"), "{error}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 8000);
}

/// Stores 12,000 jobs of which the third chunk fails with this error; returns the error of the caller.
async fn refused_at_the_third_chunk(fixture: &mut Fixture, fault: fn(&'static str) -> Error) -> (Client, Error) {
    let faulty = Arc::new(FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = jobs_of(fixture).await;
    let lazy = (0..12_000).map(|number| {
        if number == 8000 {
            faulty.fail_before("enqueue", 1, move || fault("out of order"));
        }
        Count::new(number)
    });
    let error = jobs.perform_all_later(lazy).await.unwrap_err();
    (jobs, error.into())
}

#[tokio::test]
async fn a_refused_chunk_reports_how_many_are_stored_and_the_bulk_may_be_repeated() {
    let mut fixture = Fixture::new();
    let (jobs, error) = refused_at_the_third_chunk(&mut fixture, Error::transient).await;
    let words = error.to_string();
    assert!(words.contains("out of order") && words.contains("8000 jobs before"), "{words}");
    assert!(error.is_transient(), "{error}");
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 8000);
    let again = jobs.perform_all_later((0..10).map(Count::new)).await.unwrap();
    assert_eq!(again.len(), 10);
}

#[tokio::test]
async fn a_refused_chunk_keeps_the_kind_of_its_error() {
    let (_, error) = refused_at_the_third_chunk(&mut Fixture::new(), Error::corrupt).await;
    assert!(error.is_corrupt(), "{error}");
    let (_, error) = refused_at_the_third_chunk(&mut Fixture::new(), Error::conflict).await;
    assert!(error.is_conflict(), "{error}");
    let (_, error) = refused_at_the_third_chunk(&mut Fixture::new(), Error::other).await;
    assert!(!error.is_invalid(), "the caller asked for nothing wrong: {error}");
}

#[tokio::test]
async fn a_time_of_the_standard_library_is_taken_too() {
    let fixture = Fixture::new();
    let jobs = jobs_of(&fixture).await;
    let at = std::time::UNIX_EPOCH + Duration::from_secs(4_000_000_000);
    let id = id(Count::perform_later(1).wait_until(at).on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.due_at, Timestamp::from_micros(4_000_000_000_000_000));
}
