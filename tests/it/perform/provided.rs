//! Values that are provided to jobs, and the context.

use std::io;
use std::time::Duration;

use jobs::prelude::*;
use jobs::time::Clock;
use jobs::{PerformError, State};

use crate::fixture::{CallLog, Fixture, id};

struct Shop(&'static str);

struct Absent;

#[job(queue = "sales", priority = 2, timeout = 90s)]
async fn sell(article: u32, ctx: &Context, shop: &Shop, calls: &CallLog) -> Result<(), io::Error> {
    calls.add(format!("{} sells {article} at attempt {}", shop.0, ctx.attempt()));
    calls.add(format!("{} {} {} {}", ctx.id(), ctx.name(), ctx.queue(), ctx.priority()));
    let left = ctx.deadline().map(|deadline| deadline.duration_since(ctx.enqueued_at()));
    calls.add(format!("{left:?} {} {}", ctx.is_cancelled(), ctx.get::<Absent>().is_none()));
    Ok(())
}

#[tokio::test]
async fn a_job_gets_provided_values_and_its_context() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Sell]).provide(Shop("corner shop"));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Sell::perform_later(7).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    let seen = [
        "corner shop sells 7 at attempt 1".to_owned(),
        format!("{id} sell sales 2"),
        format!("{:?} false true", Some(Duration::from_secs(90))),
    ];
    assert_eq!(calls.all(), seen);
}

#[tokio::test]
async fn two_runtimes_in_one_process_provide_their_own_values() {
    for name in ["north", "south"] {
        let (fixture, calls) = (Fixture::new(), CallLog::default());
        let other = Fixture::new();
        let second = other.builder_logging(&CallLog::default(), jobs::jobs![Sell]).provide(Shop("elsewhere"));
        let _second = second.build().await.unwrap().start().await.unwrap();
        let builder = fixture.builder_logging(&calls, jobs::jobs![Sell]).provide(Shop(name));
        let running = builder.build().await.unwrap().start().await.unwrap();
        let id = id(Sell::perform_later(1).on(&running.client()).await.unwrap());
        fixture.reaches(id, State::Finished).await;
        assert_eq!(calls.all()[0], format!("{name} sells 1 at attempt 1"));
    }
}

#[tokio::test]
async fn a_value_provided_twice_is_the_last_one() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Sell]).provide(Shop("old")).provide(Shop("new"));
    let jobs = builder.build().await.unwrap().client();
    Sell::perform_now(1).on(&jobs).await.unwrap();
    assert_eq!(calls.all()[0], "new sells 1 at attempt 1");
}

#[tokio::test]
async fn a_handle_works_after_its_runtime_was_dropped() {
    let fixture = Fixture::new();
    let builder = fixture.builder_logging(&CallLog::default(), jobs::jobs![Sell]).provide(Shop("closed"));
    let jobs = builder.build().await.unwrap().client();
    let id = id(Sell::perform_later(1).on(&jobs).await.unwrap());
    let record = fixture.record(id).await;
    assert_eq!((record.state, record.enqueued_at), (State::Ready, fixture.clock.now()));
}

#[tokio::test]
async fn a_process_that_only_enqueues_need_not_provide_values() {
    let fixture = Fixture::new();
    let jobs = fixture.builder_logging(&CallLog::default(), jobs::jobs![Sell]).build_client().await.unwrap();
    let id = id(Sell::perform_later(1).on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.state, State::Ready);
    let error = Sell::perform_now(1).on(&jobs).await.unwrap_err();
    assert!(matches!(error, PerformError::Failed(_)) && error.to_string().contains("Shop"), "{error}");
}
