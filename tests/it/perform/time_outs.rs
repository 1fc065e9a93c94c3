//! Time-outs: the default of workers, its exceptions, its announcement, and what its error says.

use std::future::pending;
use std::io;
use std::time::Duration;

use jobs::events::SlowReason;
use jobs::policy::Timeout;
use jobs::prelude::*;
use jobs::{Event, State};

use crate::fixture::{CallLog, Fixture, id};

const SHORT: Duration = Duration::from_millis(20);

#[job]
async fn hang(ctx: &Context) -> Result<(), io::Error> {
    ctx.set_step("dial");
    ctx.set_step(format!("ask the gateway, attempt {}", ctx.attempt()));
    pending().await
}

#[tokio::test]
async fn a_job_that_hangs_is_stopped_by_the_default_and_told_how_to_change_it() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Hang]).default_timeout(SHORT);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Hang::perform_later().on(&running.client()).await.unwrap());
    let error = fixture.reaches(id, State::Failed).await.errors.remove(0);
    assert_eq!(error.class, "jobs::TimedOut");
    assert_eq!(error.causes[0], "it was at the step `ask the gateway, attempt 1`");
    assert!(error.causes[1].contains("`timeout = none`") && error.causes[1].contains("`default_timeout`"), "{error:?}");
}

#[tokio::test]
async fn a_time_out_is_announced_before_it_comes_with_the_step() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Hang]).default_timeout(SHORT);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Hang::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Failed).await;
    let events = fixture.recorder.events();
    let about: Vec<&Event> = events.iter().filter(|event| event.job().is_some_and(|job| job.id == id)).collect();
    let names: Vec<_> = about.iter().map(|event| event.name()).collect();
    assert_eq!(names, ["enqueue", "perform_start", "slow", "fail", "attempt_ended"]);
    let Event::RanSlowly(slow) = about[2] else { panic!("another event") };
    assert_eq!(slow.duration, Duration::from_millis(16), "80 % of it");
    assert_eq!(slow.reason, SlowReason::TimeoutNear { timeout: SHORT });
    assert_eq!(slow.step.as_deref(), Some("ask the gateway, attempt 1"));
}

#[jobs::base(timeout = none)]
struct Patient;

/// Ends long after the default time-out would have come.
async fn take_time(ctx: &Context) -> io::Result<()> {
    ctx.provided::<CallLog>().add(format!("{} {:?}", ctx.name(), ctx.deadline()));
    let _elapsed = tokio::time::timeout(SHORT * 5, pending::<()>()).await;
    Ok(())
}

#[job(timeout = none)]
async fn exempt(ctx: &Context) -> Result<(), io::Error> {
    take_time(ctx).await
}

#[job(base = Patient)]
async fn exempt_by_base(ctx: &Context) -> Result<(), io::Error> {
    take_time(ctx).await
}

#[job(timeout = 1h)]
async fn longer(ctx: &Context) -> Result<(), io::Error> {
    let _elapsed = tokio::time::timeout(SHORT * 5, pending::<()>()).await;
    ctx.deadline().map(drop).ok_or_else(|| io::Error::other("it has a deadline"))
}

#[tokio::test]
async fn jobs_and_bases_are_exempt_with_none_and_a_time_of_their_own_comes_first() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = jobs::jobs![Exempt, ExemptByBase, Longer];
    let running = fixture.builder_logging(&calls, jobs).default_timeout(SHORT).build().await.unwrap();
    let running = running.start().await.unwrap();
    let client = running.client();
    for enqueued in [
        Exempt::perform_later().on(&client).await.unwrap(),
        ExemptByBase::perform_later().on(&client).await.unwrap(),
        Longer::perform_later().on(&client).await.unwrap(),
    ] {
        fixture.reaches(id(enqueued), State::Finished).await;
    }
    let mut seen = calls.all();
    seen.sort();
    assert_eq!(seen, ["exempt None", "exempt_by_base None"]);
}

#[job]
async fn tell_deadline(ctx: &Context, calls: &CallLog) -> Result<(), io::Error> {
    let left = ctx.deadline().map(|at| at.duration_since(ctx.enqueued_at()));
    calls.add(format!("{left:?}"));
    Ok(())
}

#[tokio::test]
async fn the_default_is_an_hour_and_never_can_be_set() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    for limit in [None, Some(Timeout::Never)] {
        let builder = fixture.builder_logging(&calls, jobs::jobs![TellDeadline]);
        let builder = if let Some(limit) = limit { builder.default_timeout(limit) } else { builder };
        let running = builder.build().await.unwrap().start().await.unwrap();
        let id = id(TellDeadline::perform_later().on(&running.client()).await.unwrap());
        fixture.reaches(id, State::Finished).await;
        running.stop().await;
    }
    assert_eq!(calls.all(), ["Some(3600s)", "None"]);
}

#[tokio::test]
async fn perform_now_has_no_default_time_out() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![TellDeadline]).default_timeout(SHORT);
    TellDeadline::perform_now().on(&builder.build().await.unwrap().client()).await.unwrap();
    assert_eq!(calls.all(), ["None"]);
}

#[job(blocking)]
fn compute(ctx: &Context, calls: &CallLog) {
    ctx.set_step("compute");
    while !ctx.is_cancelled() {
        std::thread::yield_now();
    }
    calls.add("stopped");
}

#[tokio::test]
async fn a_blocking_job_is_cancelled_by_the_default_and_its_step_is_known() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let builder = fixture.builder_logging(&calls, jobs::jobs![Compute]).default_timeout(SHORT);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Compute::perform_later().on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Failed).await;
    assert_eq!(record.errors[0].causes[0], "it was at the step `compute`");
    let stopped = async {
        while calls.all().is_empty() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), stopped).await.unwrap();
}
