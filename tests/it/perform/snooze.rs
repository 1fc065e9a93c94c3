//! Jobs that put themselves off.

use std::io;
use std::time::Duration;

use jobs::events::{EventType, Snoozed};
use jobs::policy::Outcome;
use jobs::prelude::*;
use jobs::{Event, State};

use crate::fixture::{CallLog, Fixture, id, log_call};

/// Any returned value and any error type will do.
#[job(after_perform(done), retry_on(any, wait = 9s, jitter = 0.0))]
async fn import(snoozes: u32, fails: bool, ctx: &Context, calls: &CallLog) -> Result<Vec<u32>, io::Error> {
    calls.add(format!("attempt {} snoozes {}", ctx.attempt(), ctx.snoozes()));
    if ctx.snoozes() < snoozes {
        ctx.snooze(Duration::from_secs(1));
        ctx.snooze(Duration::from_secs(30));
    }
    if fails { Err(io::Error::other("broken")) } else { Ok(vec![1]) }
}

fn done(ctx: &Context, _: &Import) {
    log_call(ctx, format!("after, snoozed {}", ctx.is_snoozed()));
}

#[tokio::test]
async fn a_job_that_puts_itself_off_runs_again_later_and_counts_no_attempt() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Import]).build().await.unwrap().start().await.unwrap();
    let id = id(Import::perform_later(2_u32, false).on(&running.client()).await.unwrap());
    for number in 1..=2 {
        let snoozed = |event: &Event| Snoozed::of(event).is_some_and(|event| event.wait == Duration::from_secs(30));
        fixture.recorder.wait_for_count(number, snoozed).await;
        assert_eq!(fixture.wait_after(id, 0).await, Duration::from_secs(30), "the last wait counts");
    }
    let record = fixture.reaches(id, State::Finished).await;
    assert_eq!((record.attempts, record.errors.len()), (1, 0));
    let lines = ["attempt 1 snoozes 0", "after, snoozed true", "attempt 1 snoozes 1", "after, snoozed true"];
    assert_eq!(calls.all(), [&lines[..], &["attempt 1 snoozes 2", "after, snoozed false"]].concat());
    let events = fixture.recorder.events();
    let names: Vec<_> = events.iter().filter(|event| event.job().is_some()).map(Event::name).collect();
    let put_off = ["perform_start", "snooze", "attempt_ended"];
    let expected = [&["enqueue"][..], &put_off, &put_off, &["perform_start", "perform", "attempt_ended"]].concat();
    assert_eq!(names, expected);
}

#[tokio::test]
async fn a_job_that_fails_after_it_put_itself_off_follows_its_rules() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![Import]).build().await.unwrap().start().await.unwrap();
    let id = id(Import::perform_later(9_u32, true).on(&running.client()).await.unwrap());
    assert_eq!(fixture.wait_after(id, 1).await, Duration::from_secs(9));
}

#[job(before_perform(not_yet))]
async fn send() -> Result<(), io::Error> {
    Ok(())
}

fn not_yet(ctx: &Context, _: &Send) -> Result<(), Halt> {
    if ctx.snoozes() > 0 {
        return Ok(());
    }
    ctx.snooze(Duration::from_secs(5));
    Err(Halt)
}

#[tokio::test]
async fn a_callback_that_halts_may_put_the_job_off() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Send]).await;
    let id = id(Send::perform_later().on(&running.client()).await.unwrap());
    assert_eq!(fixture.wait_after(id, 0).await, Duration::from_secs(5));
    assert_eq!(fixture.reaches(id, State::Finished).await.attempts, 1);
}

#[job]
async fn watch(ctx: &Context) -> Result<(), io::Error> {
    ctx.cancelled().await;
    ctx.snooze(Duration::from_secs(5));
    Ok(())
}

#[tokio::test]
async fn a_job_that_was_cancelled_is_not_put_off() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Watch]).await;
    let id = id(Watch::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    running.client().cancel(id).await.unwrap();
    fixture.reaches(id, State::Finished).await;
}

#[tokio::test]
async fn perform_now_enqueues_a_job_that_puts_itself_off() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![Import]).build_client().await.unwrap();
    let outcome = Import::perform_now(1_u32, false).on(&jobs).outcome().await.unwrap();
    assert_eq!(outcome, Outcome::Snoozed { wait: Duration::from_secs(30) });
    let waiting = fixture.inspect().list(&jobs::store::Filter::state(State::Scheduled)).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].due_at.duration_since(waiting[0].enqueued_at), Duration::from_secs(30));
    assert_eq!(jobs::store::Meta::parse(waiting[0].meta.as_deref()).unwrap().snoozes, 1);
}

#[tokio::test]
async fn inline_refuses_a_job_that_puts_itself_off_and_emits_no_event_of_it() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = fixture.builder_logging(&calls, jobs::jobs![Import]).connect("inline:").build_client().await.unwrap();
    let error = Import::perform_later(1_u32, false).on(&jobs).await.unwrap_err();
    assert!(error.to_string().contains("`inline:` cannot wait"), "{error}");
    assert_eq!(fixture.recorder.count(|event| matches!(event, Event::Snoozed(_))), 0);
}
