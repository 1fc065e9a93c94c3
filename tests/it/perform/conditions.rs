//! Callbacks that run only under conditions, and the jitter of a job or base.

use std::io;
use std::time::Duration;

use jobs::State;
use jobs::callback::{JobDraft, Next};
use jobs::prelude::*;

use crate::fixture::{CallLog, Fixture, id, log_call};

#[jobs::base(
    jitter = 0.0,
    retry_on(io::Error, wait = 10s, attempts = 2),
    before_perform(first_only, if = is_first),
    before_enqueue(hurry, unless = is_urgent),
)]
struct Careful;

fn first_only(ctx: &Context) {
    log_call(ctx, "first");
}

fn is_first(ctx: &Context) -> bool {
    ctx.attempt() == 1
}

fn hurry(enqueue: &mut JobDraft) {
    enqueue.priority += 1;
}

fn is_urgent(enqueue: &JobDraft) -> bool {
    enqueue.priority >= 5
}

#[job(
    base = Careful,
    before_perform(check, check_again, if = is_live),
    around_perform(timed, if = is_live, unless = is_first_of),
    after_perform(note_end, unless = is_live),
)]
async fn work(_live: bool, fails: bool, ctx: &Context, calls: &CallLog) -> Result<(), io::Error> {
    calls.add("body");
    if fails && ctx.attempt() == 1 { Err(io::Error::other("once")) } else { Ok(()) }
}

fn is_live(_: &Context, job: &Work) -> bool {
    job.live
}

fn is_first_of(ctx: &Context, _: &Work) -> bool {
    is_first(ctx)
}

fn check(ctx: &Context, _: &Work) {
    log_call(ctx, "check");
}

fn check_again(ctx: &Context, _: &Work) {
    log_call(ctx, "check again");
}

async fn timed(ctx: &Context, _: &Work, next: Next<'_>) -> Result<(), Failure> {
    log_call(ctx, "in");
    next.run().await?;
    log_call(ctx, "out");
    Ok(())
}

fn note_end(ctx: &Context, _: &Work) {
    log_call(ctx, "end");
}

#[tokio::test]
async fn conditions_are_checked_per_attempt_for_all_functions_of_a_declaration() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Work]).build().await.unwrap().start().await.unwrap();
    let live = id(Work::perform_later(true, true).on(&running.client()).await.unwrap());
    assert_eq!(fixture.wait_after(live, 1).await, Duration::from_secs(10), "the base's jitter is none");
    fixture.reaches(live, State::Finished).await;
    let second = ["check", "check again", "in", "body", "out"];
    assert_eq!(calls.all(), [["first", "check", "check again", "body"].as_slice(), second.as_slice()].concat());
}

#[tokio::test]
async fn a_callback_whose_condition_does_not_hold_is_left_out() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![Work]).build().await.unwrap().client();
    Work::perform_now(false, false).on(&jobs).await.unwrap();
    assert_eq!(calls.all(), ["first", "body", "end"]);
    for (priority, stored) in [(4, 5), (5, 5)] {
        let id = id(Work::perform_later(true, false).priority(priority).on(&jobs).await.unwrap());
        assert_eq!(fixture.record(id).await.priority, stored);
    }
}

/// Without jitter of its own, or of a base.
#[job(retry_on(io::Error, wait = 10s, attempts = 2))]
async fn stumble() -> Result<(), io::Error> {
    Err(io::Error::other("a stone"))
}

/// With a jitter of its own, which is none.
#[job(jitter = 0.0, retry_on(io::Error, wait = 10s, attempts = 2))]
async fn stumble_exactly() -> Result<(), io::Error> {
    Err(io::Error::other("a stone"))
}

#[tokio::test]
async fn the_runtimes_jitter_holds_for_rules_without_one_and_the_jobs_comes_before() {
    for (jitter, least, most) in [(0.0, 10.0, 10.0), (4.0, 11.5, 50.0)] {
        let fixture = Fixture::new();
        let builder = fixture.builder(jobs::jobs![Stumble, StumbleExactly]).retry_jitter(jitter);
        let running = builder.build().await.unwrap().start().await.unwrap();
        let exact = id(StumbleExactly::perform_later().on(&running.client()).await.unwrap());
        assert_eq!(fixture.wait_after(exact, 1).await, Duration::from_secs(10));
        let id = id(Stumble::perform_later().on(&running.client()).await.unwrap());
        let wait = fixture.wait_after(id, 1).await.as_secs_f64();
        assert!((least..=most).contains(&wait), "{wait} with {jitter}");
    }
}
