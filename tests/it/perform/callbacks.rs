//! Callbacks around a perform, through the macro and the whole stack.
#![expect(clippy::unused_async, reason = "callbacks may be async, whatever their body does")]

use std::io;

use jobs::callback::Next;
use jobs::policy::Outcome;
use jobs::prelude::*;
use jobs::{Event, PerformError, State};

use crate::fixture::{CallLog, Fixture, id, log_call};

#[jobs::base(before_perform(outer_before), around_perform(outer_around), after_perform(outer_after))]
struct Outer;

async fn outer_before(ctx: &Context) {
    log_call(ctx, "outer before");
}

async fn outer_around(ctx: &Context, next: Next<'_>) -> Result<(), Failure> {
    log_call(ctx, "outer in");
    next.run().await?;
    log_call(ctx, "outer out");
    Ok(())
}

fn outer_after(ctx: &Context) {
    log_call(ctx, "outer after");
}

/// Declared in the order of the example in Active Job's guide, under a base.
#[job(
    base = Outer,
    before_perform(before_1, before_2),
    after_perform(after_1, after_2),
    around_perform(around_1, around_2),
    before_perform(before_3),
    after_perform(after_3),
)]
async fn be_surrounded(number: u32, calls: &CallLog) -> Result<u32, io::Error> {
    calls.add(format!("body {number}"));
    Ok(number + 1)
}

fn before_1(ctx: &Context, job: &BeSurrounded) {
    log_call(ctx, format!("before 1 of {}", job.number));
}

async fn before_2(ctx: &Context, _: &BeSurrounded) -> Result<(), io::Error> {
    log_call(ctx, "before 2");
    Ok(())
}

#[expect(clippy::unnecessary_wraps, reason = "a callback may be able to halt and not do it")]
fn before_3(ctx: &Context, _: &BeSurrounded) -> Result<(), Halt> {
    log_call(ctx, "before 3");
    Ok(())
}

async fn around_1(ctx: &Context, _: &BeSurrounded, next: Next<'_>) -> Result<(), Failure> {
    log_call(ctx, "around 1 in");
    let result = next.run().await;
    log_call(ctx, "around 1 out");
    result
}

async fn around_2(ctx: &Context, _: &BeSurrounded, next: Next<'_>) -> Result<(), Failure> {
    log_call(ctx, "around 2 in");
    next.run().await?;
    log_call(ctx, "around 2 out");
    Ok(())
}

fn after_1(ctx: &Context, _: &BeSurrounded) {
    log_call(ctx, "after 1");
}

async fn after_2(ctx: &Context, _: &BeSurrounded) {
    log_call(ctx, "after 2");
}

fn after_3(ctx: &Context, _: &BeSurrounded) {
    log_call(ctx, "after 3");
}

const IN_ORDER: [&str; 15] = [
    "outer before",
    "outer in",
    "before 1 of 7",
    "before 2",
    "around 1 in",
    "around 2 in",
    "before 3",
    "body 7",
    "after 3",
    "around 2 out",
    "around 1 out",
    "after 2",
    "after 1",
    // Callbacks that the base declares after its around callback run inside it.
    "outer after",
    "outer out",
];

#[tokio::test]
async fn callbacks_of_base_and_job_run_in_the_documented_order_in_a_worker() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running =
        fixture.builder_logging(&calls, jobs::jobs![BeSurrounded]).build().await.unwrap().start().await.unwrap();
    let id = id(BeSurrounded::perform_later(7).on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    assert_eq!(calls.all(), IN_ORDER);
}

#[tokio::test]
async fn callbacks_run_in_the_same_order_with_perform_now_which_gives_the_bodys_value() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let runtime = fixture.builder_logging(&calls, jobs::jobs![BeSurrounded]).build().await.unwrap();
    assert_eq!(BeSurrounded::perform_now(7).on(&runtime.client()).await.unwrap(), 8);
    assert_eq!(calls.all(), IN_ORDER);
}

/// Halts at the second before callback; the around that was entered goes out again.
#[job(
    base = Outer,
    before_perform(closed),
    before_perform(too_late),
    around_perform(never_entered),
    after_perform(never_after),
)]
async fn be_halted(calls: &CallLog) -> Result<(), io::Error> {
    calls.add("body");
    Ok(())
}

fn closed(ctx: &Context, _: &BeHalted) -> Result<(), Halt> {
    log_call(ctx, "closed");
    Err(Halt)
}

fn too_late(ctx: &Context, _: &BeHalted) {
    log_call(ctx, "too late");
}

async fn never_entered(ctx: &Context, _: &BeHalted, next: Next<'_>) -> Result<(), Failure> {
    log_call(ctx, "never entered");
    next.run().await
}

fn never_after(ctx: &Context, _: &BeHalted) {
    log_call(ctx, "never after");
}

#[tokio::test]
async fn a_halt_before_perform_skips_all_that_follows_and_the_job_counts_as_finished() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![BeHalted]).build().await.unwrap().start().await.unwrap();
    let id = id(BeHalted::perform_later().on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Finished).await;
    assert_eq!((record.attempts, record.errors.len()), (1, 0));
    assert_eq!(calls.all(), ["outer before", "outer in", "closed", "outer out"]);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::PerformHalted(event) if event.job.id == id)), 1);
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::Performed(_))), 0);
}

#[tokio::test]
async fn perform_now_reports_that_a_callback_halted() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![BeHalted]).build().await.unwrap().client();
    let error = BeHalted::perform_now().on(&jobs).await.unwrap_err();
    assert!(matches!(error, PerformError::Halted), "{error:?}");
    assert_eq!(BeHalted::perform_now().on(&jobs).outcome().await.unwrap(), Outcome::Halted);
}

/// The around callback never calls `next`.
#[job(around_perform(stay), after_perform(inner_after))]
async fn be_skipped(calls: &CallLog) -> Result<(), io::Error> {
    calls.add("body");
    Ok(())
}

async fn stay(ctx: &Context, _: &BeSkipped, next: Next<'_>) {
    log_call(ctx, "stay");
    drop(next);
}

fn inner_after(ctx: &Context, _: &BeSkipped) {
    log_call(ctx, "inner after");
}

#[tokio::test]
async fn an_around_that_does_not_go_on_skips_the_body_and_the_job_counts_as_finished() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![BeSkipped]).build().await.unwrap().start().await.unwrap();
    let id = id(BeSkipped::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Finished).await;
    assert_eq!(calls.all(), ["stay"]);
    fixture.saw(id, |event| matches!(event, Event::PerformHalted(_))).await;
}

/// Callbacks that fail as the argument says.
#[job(before_perform(fail_before), around_perform(watch_failure), after_perform(fail_after), discard_on(io::Error))]
async fn fail_around(place: String, calls: &CallLog) -> Result<(), io::Error> {
    calls.add("body");
    if place == "body" { Err(io::Error::other("body")) } else { Ok(()) }
}

fn fail_before(_: &Context, job: &FailAround) -> Result<(), io::Error> {
    if job.place == "before" { Err(io::Error::other("before")) } else { Ok(()) }
}

async fn watch_failure(ctx: &Context, job: &FailAround, next: Next<'_>) -> Result<(), Failure> {
    let result = next.run().await;
    log_call(ctx, if result.is_ok() { "went well" } else { "went wrong" });
    if job.place == "around" {
        return Err(Failure::from_error(io::Error::other("around")));
    }
    result
}

async fn fail_after(ctx: &Context, job: &FailAround) -> Result<(), io::Error> {
    log_call(ctx, "after");
    if job.place == "after" { Err(io::Error::other("after")) } else { Ok(()) }
}

#[tokio::test]
async fn an_error_of_a_callback_is_handled_by_the_rules_as_one_of_the_body() {
    let seen: [(&str, &[&str]); 4] = [
        ("before", &[]),
        ("body", &["body", "went wrong"]),
        ("after", &["body", "after", "went wrong"]),
        ("around", &["body", "after", "went well"]),
    ];
    for (place, expected) in seen {
        let (fixture, calls) = (Fixture::new(), CallLog::default());
        let running =
            fixture.builder_logging(&calls, jobs::jobs![FailAround]).build().await.unwrap().start().await.unwrap();
        let id = id(FailAround::perform_later(place).on(&running.client()).await.unwrap());
        let record = fixture.reaches(id, State::Discarded).await;
        assert_eq!(record.errors[0].message, place);
        assert_eq!(calls.all(), expected, "{place}");
    }
}
