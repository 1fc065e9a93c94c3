//! Every attempt has one event of its end, with its outcome and its duration.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jobs::events::AttemptEnded;
use jobs::policy::Outcome;
use jobs::prelude::*;
use jobs::{Event, JobId, PerformError, State};
use tokio::sync::Semaphore;

use crate::fixture::{Fixture, id};

#[derive(Debug)]
enum Trouble {
    Again,
    Drop,
    Save,
    Fail,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Trouble {}

#[job(
    timeout = 20ms,
    before_perform(halt),
    retry_on(Trouble::Again, wait = 1s, attempts = 2, jitter = 0.0),
    discard_on(Trouble::Drop),
    rescue_from(Trouble::Save, with = calm),
)]
async fn end(how: String) -> Result<u8, Trouble> {
    match how.as_str() {
        "again" => Err(Trouble::Again),
        "drop" => Err(Trouble::Drop),
        "save" => Err(Trouble::Save),
        "fail" => Err(Trouble::Fail),
        "panic" => panic!("end of all"),
        "late" => std::future::pending().await,
        _ => Ok(7),
    }
}

fn halt(_: &Context, job: &End) -> Result<(), Halt> {
    if job.how == "halt" { Err(Halt) } else { Ok(()) }
}

fn calm(_: &Context, _: &Failure) {}

/// The ends of the attempts of one job, in their order.
fn ends(fixture: &Fixture, id: JobId) -> Vec<AttemptEnded> {
    let events = fixture.recorder.events();
    let ended = events.iter().filter_map(|event| if let Event::AttemptEnded(end) = event { Some(end) } else { None });
    ended.filter(|end| end.job.id == id).cloned().collect()
}

async fn end_of(how: &str, state: State) -> AttemptEnded {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![End]).await;
    let id = id(End::perform_later(how).on(&running.client()).await.unwrap());
    fixture.reaches(id, state).await;
    let ends = ends(&fixture, id);
    let [end] = &ends[..] else { panic!("one attempt has {} ends: {ends:?}", ends.len()) };
    assert_eq!((end.job.attempt, end.job.name.as_str()), (1, "end"));
    running.stop().await;
    end.clone()
}

#[tokio::test]
async fn an_attempt_without_an_error_ends_with_its_outcome_and_without_one() {
    for (how, outcome) in [("well", Outcome::Finished), ("halt", Outcome::Halted)] {
        let end = end_of(how, State::Finished).await;
        assert_eq!((end.outcome, end.error), (outcome, None), "{how}");
    }
}

#[tokio::test]
async fn an_attempt_with_an_error_ends_with_what_the_rules_made_of_it() {
    let retried = Outcome::Retried { wait: Duration::from_secs(1) };
    let cases = [
        ("again", State::Scheduled, retried),
        ("drop", State::Discarded, Outcome::Discarded),
        ("save", State::Finished, Outcome::Rescued),
        ("fail", State::Failed, Outcome::Failed),
    ];
    for (how, state, outcome) in cases {
        let end = end_of(how, state).await;
        assert_eq!(end.outcome, outcome, "{how}");
        let error = end.error.unwrap();
        assert_eq!((error.message.to_lowercase().as_str(), error.attempt), (how, 1));
    }
}

#[tokio::test]
async fn a_time_out_and_a_panic_are_told_by_the_class_of_the_error() {
    let late = end_of("late", State::Failed).await;
    assert_eq!(late.error.unwrap().class, "jobs::TimedOut");
    assert!(late.duration >= Duration::from_millis(20), "{:?}", late.duration);
    assert_eq!(end_of("panic", State::Failed).await.error.unwrap().class, "jobs::Panic");
}

#[tokio::test]
async fn each_attempt_of_a_job_has_one_end_and_it_is_the_last_event_of_the_attempt() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![End]).await;
    let id = id(End::perform_later("again").on(&running.client()).await.unwrap());
    let _wait = fixture.wait_after(id, 1).await;
    fixture.reaches(id, State::Failed).await;
    let outcomes: Vec<_> = ends(&fixture, id).into_iter().map(|end| (end.job.attempt, end.outcome)).collect();
    let wait = Duration::from_secs(1);
    assert_eq!(outcomes, [(1, Outcome::Retried { wait }), (2, Outcome::Exhausted { handled: false })]);
    let events = fixture.recorder.events();
    let last = events.iter().rfind(|event| event.job().is_some_and(|job| job.id == id));
    assert!(matches!(last, Some(Event::AttemptEnded(_))), "{last:?}");
}

#[tokio::test]
async fn perform_now_has_the_event_too() {
    let fixture = Fixture::new();
    let client = fixture.builder(jobs::jobs![End]).build().await.unwrap().client();
    assert_eq!(End::perform_now("well").on(&client).await.unwrap(), 7);
    let failed = End::perform_now("fail").on(&client).await;
    assert!(matches!(failed, Err(PerformError::Job(Trouble::Fail))), "{failed:?}");
    let ended = fixture.recorder.events();
    let ended: Vec<_> = ended.iter().filter_map(<AttemptEnded as jobs::events::EventType>::of).collect();
    assert_eq!(ended.iter().map(|end| &end.outcome).collect::<Vec<_>>(), [&Outcome::Finished, &Outcome::Failed]);
}

#[job]
async fn linger(gate: &Arc<Semaphore>) -> Result<(), std::io::Error> {
    gate.acquire().await.map_err(std::io::Error::other)?.forget();
    Err(std::io::Error::other("cancelled"))
}

#[tokio::test]
async fn a_cancelled_job_that_returns_an_error_ends_discarded() {
    let (fixture, gate) = (Fixture::new(), Arc::new(Semaphore::new(0)));
    let running =
        fixture.builder(jobs::jobs![Linger]).provide(gate.clone()).build().await.unwrap().start().await.unwrap();
    let id = id(Linger::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    running.client().cancel(id).await.unwrap();
    gate.add_permits(1);
    fixture.reaches(id, State::Discarded).await;
    assert_eq!(ends(&fixture, id).pop().unwrap().outcome, Outcome::Discarded);
}
