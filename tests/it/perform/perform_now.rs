//! `perform_now`: in the caller, at once, with callbacks and rules.

use std::io;
use std::time::Duration;

use jobs::definition::NotProvided;
use jobs::policy::Outcome;
use jobs::prelude::*;
use jobs::store::Meta;
use jobs::{PerformError, State};

use crate::fixture::{CallLog, Fixture, id};

#[job(
    timeout = 20ms,
    retry_on(io::Error, wait = 5s, attempts = 3, jitter = 0.0, priority = 8),
    discard_on(TimedOut),
)]
async fn compute(number: u32, ctx: &Context, calls: &CallLog) -> Result<u32, io::Error> {
    calls.add(ctx.id().to_string());
    match number {
        0 => Err(io::Error::other("zero")),
        13 => panic!("bad luck"),
        99 => std::future::pending().await,
        other => Ok(other * 2),
    }
}

#[tokio::test]
async fn it_gives_the_jobs_own_value_and_stores_nothing() {
    let fixture = Fixture::new();
    let jobs = fixture.builder_logging(&CallLog::default(), jobs::jobs![Compute]).build().await.unwrap().client();
    assert_eq!(Compute::perform_now(21).on(&jobs).await.unwrap(), 42);
    assert_eq!(Compute::perform_now(21).on(&jobs).outcome().await.unwrap(), Outcome::Finished);
    assert_eq!(fixture.inspect().counts().await.unwrap().total(), 0);
}

#[tokio::test]
async fn the_retry_it_stores_has_the_id_that_the_job_saw_and_counts_on() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let runtime = fixture.builder_logging(&calls, jobs::jobs![Compute]).build().await.unwrap();
    let error = Compute::perform_now(0).on(&runtime.client()).await.unwrap_err();
    assert!(matches!(&error, PerformError::Job(error) if error.to_string() == "zero"), "{error:?}");
    let id = calls.all()[0].parse().unwrap();
    let stored = fixture.record(id).await;
    assert_eq!((stored.state, stored.priority), (State::Scheduled, 8));
    assert_eq!(stored.due_at.duration_since(stored.enqueued_at), Duration::from_secs(5));
    let counted = Meta::parse(stored.meta.as_deref()).unwrap().exception_executions;
    assert_eq!(counted.values().sum::<u32>(), 1, "the run here has used one of three attempts");

    let _running = runtime.start().await.unwrap();
    fixture.clock.advance(Duration::from_secs(5));
    let again = fixture.becomes(id, |record| record.errors.len() == 1).await;
    assert_eq!(again.state, State::Scheduled);
    fixture.clock.advance(Duration::from_secs(5));
    fixture.reaches(id, State::Failed).await;
    assert_eq!(calls.all(), [id.to_string(), id.to_string(), id.to_string()], "three executions, one id");
}

#[tokio::test]
async fn a_panic_and_a_timeout_are_failures_without_a_value_of_the_jobs_error() {
    let fixture = Fixture::new();
    let jobs = fixture.builder_logging(&CallLog::default(), jobs::jobs![Compute]).build().await.unwrap().client();
    let error = Compute::perform_now(13).on(&jobs).await.unwrap_err();
    assert!(matches!(&error, PerformError::Failed(failure) if failure.message().contains("bad luck")), "{error:?}");
    let error = Compute::perform_now(99).on(&jobs).await.unwrap_err();
    assert!(matches!(&error, PerformError::Failed(failure) if failure.message().contains("20ms")), "{error:?}");
    assert_eq!(Compute::perform_now(99).on(&jobs).outcome().await.unwrap(), Outcome::Discarded);
}

#[tokio::test]
async fn a_job_without_a_provided_value_fails_with_a_message_and_no_panic() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![Double]).build().await.unwrap().client();
    let error = Compute::perform_now(1).on(&jobs).await.unwrap_err();
    let PerformError::Failed(failure) = &error else { panic!("{error:?}") };
    assert!(failure.downcast_ref::<NotProvided>().is_some());
    assert!(failure.message().contains("CallLog") && failure.message().contains(".provide("), "{failure}");
}

/// Performs another job inside itself, with the client of its runtime.
#[job]
async fn double(number: u32) -> Result<u32, io::Error> {
    if number > 100 { Ok(number) } else { Double::perform_now(number * 2).await.map_err(io::Error::other) }
}

#[tokio::test]
async fn inside_a_job_and_inside_a_scope_the_client_is_known() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Double]).await;
    let jobs = running.client();
    assert_eq!(Double::perform_now(30).on(&jobs).await.unwrap(), 120, "the inner ones have the outer's handle");
    assert_eq!(jobs.scope(async { Double::perform_now(60).await.unwrap() }).await, 120);
    let id = id(Double::perform_later(1).on(&jobs).await.unwrap());
    fixture.reaches(id, State::Finished).await;
}

#[tokio::test]
async fn outside_any_runtime_the_error_says_how_to_set_a_client() {
    let error = Double::perform_now(1).await.unwrap_err();
    assert!(matches!(error, PerformError::Store(_)) && error.to_string().contains("install()"), "{error}");
    let error = Double::perform_now(1).outcome().await.unwrap_err();
    assert!(error.is_invalid(), "{error}");
}

#[tokio::test]
async fn a_retry_that_cannot_be_stored_is_the_callers_error() {
    let mut fixture = Fixture::new();
    let faulty = std::sync::Arc::new(jobs_testing::FaultyStore::new(fixture.store.clone()));
    fixture.store = faulty.clone();
    let jobs = fixture.builder_logging(&CallLog::default(), jobs::jobs![Compute]).build().await.unwrap().client();
    faulty.fail_before("enqueue", 2, || jobs::Error::transient("the store is gone"));
    let error = Compute::perform_now(0).on(&jobs).await.unwrap_err();
    assert!(matches!(&error, PerformError::Store(error) if error.is_transient()), "{error:?}");
    assert!(Compute::perform_now(0).on(&jobs).outcome().await.unwrap_err().is_transient());
}

/// Logs its queue and priority.
#[job(queue = "own", priority = 2, retry_on(io::Error, wait = 5s))]
async fn look_around(fails: bool, ctx: &Context) -> Result<(String, i32), io::Error> {
    if fails { Err(io::Error::other("lost")) } else { Ok((ctx.queue().to_owned(), ctx.priority())) }
}

#[tokio::test]
async fn a_job_performed_now_sees_queue_and_priority_of_the_call_and_its_retry_keeps_them() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![LookAround]).naming(jobs::runtime::QueueNaming::new().prefix("shop"));
    let jobs = builder.build().await.unwrap().client();
    assert_eq!(LookAround::perform_now(false).on(&jobs).await.unwrap(), ("shop_own".to_owned(), 2));
    let seen = LookAround::perform_now(false).queue("high").priority(-7).on(&jobs).await.unwrap();
    assert_eq!(seen, ("shop_high".to_owned(), -7));
    let _lost = LookAround::perform_now(true).queue("high").priority(-7).on(&jobs).await.unwrap_err();
    let stored = fixture.inspect().list(&jobs::store::Filter::default()).await.unwrap();
    assert_eq!((stored[0].queue.as_str(), stored[0].priority), ("shop_high", -7));
    let error = LookAround::perform_now(false).queue("two words").on(&jobs).await.unwrap_err();
    assert!(matches!(&error, PerformError::Store(error) if error.is_invalid()), "{error:?}");
}

#[tokio::test]
async fn a_job_performed_now_has_the_same_events_as_in_a_worker() {
    let fixture = Fixture::new();
    let jobs = fixture.builder_logging(&CallLog::default(), jobs::jobs![Compute]).build().await.unwrap().client();
    let _done = Compute::perform_now(1).on(&jobs).await.unwrap();
    let _failed = Compute::perform_now(0).on(&jobs).await.unwrap_err();
    let names: Vec<_> = fixture.recorder.events().iter().map(jobs::Event::name).collect();
    assert_eq!(names, ["perform_start", "perform", "attempt_ended", "perform_start", "enqueue_retry", "attempt_ended"]);
}

/// Enqueues another job in its failure callback.
#[job(rescue_from(io::Error, with = call_for_help))]
async fn sink() -> Result<(), io::Error> {
    Err(io::Error::other("water"))
}

async fn call_for_help(_: &Context, _: &Failure) -> Result<(), jobs::Error> {
    Double::perform_later(200).await.map(drop)
}

#[tokio::test]
async fn a_failure_callback_has_the_client_of_its_job() {
    let fixture = Fixture::new();
    let jobs = fixture.builder(jobs::jobs![Sink, Double]).build().await.unwrap().client();
    assert_eq!(Sink::perform_now().on(&jobs).outcome().await.unwrap(), Outcome::Rescued);
    assert_eq!(fixture.inspect().counts().await.unwrap().of(State::Ready), 1);
}
