//! Jobs that expire: what has not begun in time is discarded.

use std::io;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{AnyJob, Event, JobId, State, Timestamp};

use crate::fixture::{CallLog, Fixture, id, log_call};

const HOUR: Duration = Duration::from_secs(3600);

#[job(
    expires_in = 2h,
    retry_on(any, wait = 1h, attempts = unlimited, jitter = 0.0),
    before_perform(begin),
    after_discard(tell),
)]
async fn remind(fails: bool, calls: &CallLog) -> Result<(), io::Error> {
    calls.add("ran");
    if fails { Err(io::Error::other("no line")) } else { Ok(()) }
}

fn begin(ctx: &Context, _: &Remind) {
    log_call(ctx, "begun");
}

fn tell(ctx: &Context, failure: &Failure) {
    log_call(ctx, format!("told of {}", failure.class()));
}

fn now(fixture: &Fixture) -> Timestamp {
    jobs::time::Clock::now(&*fixture.clock)
}

/// Starts a runtime once the clock shows a later time.
async fn run_after(fixture: &Fixture, calls: &CallLog, wait: Duration) -> jobs::RuntimeHandle {
    fixture.clock.advance(wait);
    fixture.builder_logging(calls, jobs::jobs![Remind]).build().await.unwrap().start().await.unwrap()
}

async fn client(fixture: &Fixture, calls: &CallLog) -> Client {
    fixture.builder_logging(calls, jobs::jobs![Remind]).build_client().await.unwrap()
}

#[tokio::test]
async fn a_job_that_has_not_begun_in_time_is_discarded_without_its_rules_and_callbacks() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let id = id(Remind::perform_later(false).on(&client(&fixture, &calls).await).await.unwrap());
    assert_eq!(fixture.record(id).await.expires_at, Some(now(&fixture) + HOUR * 2));
    let _running = run_after(&fixture, &calls, HOUR * 2).await;
    let record = fixture.reaches(id, State::Discarded).await;
    assert_eq!((record.errors[0].class.as_str(), record.errors.len()), ("jobs::Expired", 1));
    assert_eq!(calls.all(), ["told of jobs::Expired"], "neither the function nor a perform callback runs");
    let names: Vec<_> =
        fixture.recorder.events().iter().filter(|event| event.job().is_some()).map(Event::name).collect();
    assert_eq!(names, ["enqueue", "discard"]);
}

#[tokio::test]
async fn a_job_that_begins_in_time_runs() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let id = id(Remind::perform_later(false).on(&client(&fixture, &calls).await).await.unwrap());
    let _running = run_after(&fixture, &calls, Duration::from_micros(7_199_999_999)).await;
    fixture.reaches(id, State::Finished).await;
    assert_eq!(calls.all(), ["begun", "ran"]);
}

#[tokio::test]
async fn a_retry_that_would_come_too_late_is_not_made() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let running = run_after(&fixture, &calls, HOUR).await;
    let id = id(Remind::perform_later(true).on(&running.client()).await.unwrap());
    assert_eq!(fixture.wait_after(id, 1).await, HOUR);
    let record = fixture.reaches(id, State::Discarded).await;
    let last = record.errors.last().unwrap();
    assert_eq!((last.class.as_str(), last.attempt), ("jobs::Expired", 2));
    assert_eq!(last.causes, ["std::io::error::Error: no line"]);
    assert_eq!(calls.all(), ["begun", "ran", "begun", "ran", "told of std::io::error::Error"]);
}

/// When jobs expire that are enqueued by `times`, counted from now.
async fn expiries(fixture: &Fixture, ids: &[JobId]) -> Vec<Option<u64>> {
    let start = now(fixture);
    let mut expiries = Vec::new();
    for id in ids {
        expiries.push(fixture.record(*id).await.expires_at.map(|at| at.duration_since(start).as_secs()));
    }
    expiries
}

#[job]
async fn keep() -> Result<(), io::Error> {
    Ok(())
}

#[tokio::test]
async fn the_time_is_set_at_the_enqueue_or_in_bulk_and_counts_from_when_the_job_is_due() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = client(&fixture, &calls).await;
    let at = now(&fixture) + Duration::from_secs(7);
    let minute = Duration::from_secs(60);
    let mut ids = vec![
        id(Remind::perform_later(false).on(&jobs).wait(minute).await.unwrap()),
        id(Remind::perform_later(false).on(&jobs).wait(minute).expires_in(minute).await.unwrap()),
        id(Remind::perform_later(false).on(&jobs).wait(minute).expires_at(at).await.unwrap()),
        id(Keep::perform_later().on(&jobs).await.unwrap()),
    ];
    let bulk = [
        AnyJob::from(Remind::new(false)),
        AnyJob::from(Remind::perform_later(false).expires_in(minute)),
        AnyJob::from(Keep::perform_later().wait_until(at).expires_in(minute)),
        AnyJob::from(Keep::perform_later()),
    ];
    ids.extend(jobs.perform_all_later(bulk).await.unwrap().into_iter().map(id));
    let expected = [Some(7260), Some(120), Some(7), None, Some(7200), Some(60), Some(67), None];
    assert_eq!(expiries(&fixture, &ids).await, expected);
}

#[tokio::test]
async fn perform_now_is_never_late_and_its_retry_expires() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let jobs = client(&fixture, &calls).await;
    let _error = Remind::perform_now(true).on(&jobs).await.unwrap_err();
    let waiting = fixture.inspect().list(&jobs::store::Filter::state(State::Scheduled)).await.unwrap();
    assert_eq!(expiries(&fixture, &[waiting[0].id]).await, [Some(7200)]);
}

#[job(expires_in = 2h)]
async fn doze(ctx: &Context) {
    ctx.snooze(HOUR * 3);
}

#[tokio::test]
async fn a_job_that_puts_itself_off_beyond_its_expiry_is_discarded_at_once() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Doze]).await;
    let id = id(Doze::perform_later().on(&running.client()).await.unwrap());
    let record = fixture.reaches(id, State::Discarded).await;
    assert_eq!(record.errors[0].class, "jobs::Expired");
}

#[tokio::test]
async fn an_expired_unique_job_makes_room_for_the_next_and_only_that_one_runs() {
    let (fixture, calls) = (Fixture::new(), CallLog::default());
    let client = client(&fixture, &calls).await;
    let enqueue = async || Remind::perform_later(false).unique_until(jobs::unique::UniqueUntil::Done).on(&client).await;
    let expired = id(enqueue().await.unwrap());
    fixture.clock.advance(HOUR * 2);
    let next = enqueue().await.unwrap();
    assert!(matches!(next, Enqueued::New(_)), "{next:?}");
    let _running = run_after(&fixture, &calls, Duration::ZERO).await;
    fixture.reaches(expired, State::Discarded).await;
    fixture.reaches(id(next), State::Finished).await;
    assert_eq!(calls.all().iter().filter(|call| *call == "ran").count(), 1);
}
