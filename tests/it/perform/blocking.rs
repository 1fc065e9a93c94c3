//! Blocking functions on their own threads: provided values, and cancellation.

use std::sync::Arc;

use jobs::State;
use jobs::prelude::*;
use tokio::sync::Semaphore;

use crate::fixture::{CallLog, Fixture, id};
use crate::observe::log_capture::Log;

struct Shop(&'static str);

#[job(blocking, queue = "sales", priority = 2)]
fn sell(article: u32, ctx: &Context, shop: &Shop, calls: &CallLog) {
    calls.add(format!("{} sells {article} at attempt {}", shop.0, ctx.attempt()));
    calls.add(format!("{} {} {} {}", ctx.id(), ctx.name(), ctx.queue(), ctx.priority()));
    calls.add(format!("{:?} {}", std::thread::current().name(), ctx.is_cancelled()));
}

#[tokio::test]
async fn a_blocking_function_gets_provided_values_and_its_context() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Sell]).provide(Shop("corner shop"));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Sell::perform_later(7).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    let seen = [
        "corner shop sells 7 at attempt 1".to_owned(),
        format!("{id} sell sales 2"),
        "Some(\"jobs-blocking\") false".to_owned(),
    ];
    assert_eq!(calls.all(), seen);
}

#[job(blocking)]
fn log_a_line() {
    tracing::info!("a line of a blocking job");
}

#[tokio::test]
async fn what_a_blocking_function_logs_is_in_the_span_of_its_job() {
    let log = Log::from(tracing::Level::INFO);
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![LogALine]).await;
    let id = id(LogALine::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    let line = log.only("a line of a blocking job");
    assert!(line.contains("perform{job=\"log_a_line\"") && line.contains(&format!("id={id}")), "{line}");
}

#[tokio::test]
async fn values_that_a_blocking_function_needs_must_be_provided() {
    let fixture = Fixture::new();
    let error = fixture.builder_logging(&CallLog::default(), jobs::jobs![Sell]).build().await.unwrap_err();
    assert!(error.to_string().contains("`sell`") && error.to_string().contains("Shop"), "{error}");
}

/// Notified by a function that has stopped.
#[derive(Clone)]
struct Stopped(Arc<Semaphore>);

#[job(blocking, timeout = 5ms, discard_on(TimedOut))]
fn compute(ctx: &Context, stopped: &Stopped) {
    while !ctx.is_cancelled() {
        std::thread::yield_now();
    }
    stopped.0.add_permits(1);
}

#[tokio::test]
async fn a_blocking_function_whose_time_is_over_finds_itself_cancelled() {
    let (fixture, stopped) = (Fixture::new(), Stopped(Arc::new(Semaphore::new(0))));
    let builder = fixture.builder(jobs::jobs![Compute]).provide(stopped.clone());
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Compute::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Discarded).await;
    assert!(stopped.0.acquire().await.is_ok(), "the function ends of itself");
}
