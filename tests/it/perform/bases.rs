//! What jobs inherit from their bases and from the runtime's defaults.

use std::io;
use std::time::Duration;

use jobs::State;
use jobs::policy::{Matcher, Policy, RetryPolicy, Rule};
use jobs::prelude::*;

use crate::fixture::{CallLog, Fixture, id, log_call};

#[jobs::base(
    queue = "company",
    priority = 3,
    timeout = 20ms,
    retry_on(io::Error, wait = 11s, jitter = 0.0),
    discard_on(TimedOut, tell = company_told),
    after_discard(company_discarded),
)]
struct Company;

#[jobs::base(base = Company, queue = "shop", retry_on(std::fmt::Error, wait = 22s, jitter = 0.0))]
struct Shop;

fn company_told(ctx: &Context, _: &Failure) {
    log_call(ctx, "company after_discard");
}

fn company_discarded(ctx: &Context, _: &Failure) {
    log_call(ctx, "company discarded");
}

#[derive(Debug)]
enum Broken {
    Io(io::Error),
    Fmt(std::fmt::Error),
    Odd,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("broken")
    }
}

impl std::error::Error for Broken {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            Self::Fmt(error) => Some(error),
            Self::Odd => None,
        }
    }
}

async fn break_down(how: &str) -> Result<(), Broken> {
    match how {
        "io" => Err(Broken::Io(io::Error::other("disk"))),
        "fmt" => Err(Broken::Fmt(std::fmt::Error)),
        "odd" => Err(Broken::Odd),
        "hang" => std::future::pending().await,
        _ => Ok(()),
    }
}

/// Has no settings of its own.
#[job(base = Shop)]
async fn take_over(how: String) -> Result<(), Broken> {
    break_down(&how).await
}

/// Replaces all inherited settings.
#[job(
    base = Shop,
    queue = "own",
    priority = -1,
    timeout = 1h,
    retry_on(cause io::Error, wait = 33s, jitter = 0.0),
    after_discard(own_discarded),
)]
async fn override_all(how: String) -> Result<(), Broken> {
    break_down(&how).await
}

fn own_discarded(ctx: &Context, _: &Failure) {
    log_call(ctx, "own discarded");
}

#[test]
fn queue_priority_and_timeout_are_inherited_over_two_levels_the_nearest_first() {
    let settings = TakeOver::SETTINGS;
    assert_eq!((settings.queue, settings.priority), (Some("shop"), Some(3)));
    assert_eq!(settings.timeout, Some(Duration::from_millis(20).into()));
    let settings = OverrideAll::SETTINGS;
    assert_eq!((settings.queue, settings.priority), (Some("own"), Some(-1)));
    assert_eq!(settings.timeout, Some(Duration::from_secs(3600).into()));
    assert_eq!((TakeOver::new("").queue_name().as_ref(), TakeOver::new("").priority()), ("shop", 3));
}

/// Defaults for all jobs of a program.
fn defaults() -> Policy {
    let retry = RetryPolicy::new().wait(Duration::from_secs(44)).jitter(0.0);
    Policy::new().rule(Rule::retry(Matcher::any(), retry))
}

async fn wait_of(fixture: &Fixture, jobs: &Client, job: impl Job, how: &str) -> Duration {
    let id = id(job.enqueue().on(jobs).await.unwrap());
    let record = fixture.reaches(id, State::Scheduled).await;
    assert_eq!(record.errors[0].message, "broken", "{how}");
    record.due_at.duration_since(jobs::time::Clock::now(&*fixture.clock))
}

#[tokio::test]
async fn rules_answer_level_by_level_the_job_its_base_the_bases_base_and_the_defaults() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![TakeOver, OverrideAll]).defaults(defaults());
    let running = builder.build().await.unwrap().start().await.unwrap();
    let jobs = running.client();
    for (how, seconds) in [("io", 11), ("fmt", 22), ("odd", 44)] {
        assert_eq!(wait_of(&fixture, &jobs, TakeOver::new(how), how).await.as_secs(), seconds, "{how}");
    }
    for (how, seconds) in [("io", 33), ("fmt", 22), ("odd", 44)] {
        assert_eq!(wait_of(&fixture, &jobs, OverrideAll::new(how), how).await.as_secs(), seconds, "{how}");
    }
}

#[tokio::test]
async fn an_inherited_timeout_and_its_inherited_rule_stop_a_job() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = fixture.builder_logging(&calls, jobs::jobs![TakeOver]).build().await.unwrap().start().await.unwrap();
    let id = id(TakeOver::perform_later("hang").on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Discarded).await;
    assert!(record.errors[0].message.contains("20ms"), "{}", record.errors[0].message);
    assert_eq!(calls.all(), ["company after_discard", "company discarded"]);
}

#[tokio::test]
async fn after_discard_runs_for_each_level_outermost_first_with_or_without_a_rule() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running =
        fixture.builder_logging(&calls, jobs::jobs![OverrideAll]).build().await.unwrap().start().await.unwrap();
    let id = id(OverrideAll::perform_later("odd").on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Failed).await;
    assert_eq!(calls.all(), ["company discarded", "own discarded"]);
}

/// A callback of the defaults, as a tracer of all jobs.
fn trace_all() -> Policy {
    Policy::new().callback(jobs::callback::Callback::before_any("trace", |ctx| {
        Box::pin(async move {
            log_call(ctx, format!("trace {}", ctx.name()));
            Ok(())
        })
    }))
}

#[job(before_perform(own_before))]
async fn be_traced(calls: &CallLog) -> Result<(), io::Error> {
    calls.add("body");
    Ok(())
}

fn own_before(ctx: &Context, _: &BeTraced) {
    log_call(ctx, "own");
}

#[tokio::test]
async fn callbacks_of_the_defaults_stand_outside_those_of_every_job() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs =
        fixture.builder_logging(&calls, jobs::jobs![BeTraced]).defaults(trace_all()).build().await.unwrap().client();
    BeTraced::perform_now().on(&jobs).await.unwrap();
    assert_eq!(calls.all(), ["trace be_traced", "own", "body"]);
}
