//! Error reports, and which arguments are shown.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State};
use tokio::sync::Semaphore;

use crate::fixture::{Fixture, id};

#[derive(Debug)]
struct Declined;

impl std::fmt::Display for Declined {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("declined")
    }
}

impl std::error::Error for Declined {}

#[job(retry_on(Declined, wait = 1s, attempts = 2, jitter = 0.0))]
async fn charge() -> Result<(), Declined> {
    Err(Declined)
}

#[job(redact(card))]
async fn keep_card(order: u64, card: String) -> Result<(), Declined> {
    let _ = (order, card);
    Ok(())
}

#[job(log_arguments = false)]
async fn keep_all(card: String) -> Result<(), Declined> {
    drop(card);
    Ok(())
}

static GATE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(0));

#[job]
async fn take_long() -> Result<(), Declined> {
    if let Ok(permit) = GATE.acquire().await {
        permit.forget();
    }
    Ok(())
}

#[tokio::test]
async fn each_attempt_is_reported_once_with_whether_it_will_be_tried_again() {
    let fixture = Fixture::new();
    let received = Arc::new(Mutex::new(Vec::new()));
    let (reports, deaths) = (received.clone(), Arc::new(Mutex::new(0)));
    let death = deaths.clone();
    let builder = fixture
        .builder(jobs::jobs![Charge])
        .report_errors_to(move |report: &jobs::runtime::ErrorReport<'_>| {
            reports.lock().unwrap().push((report.job.attempt, report.error.message.clone(), report.will_retry));
        })
        .on_death(move |_, _| *death.lock().unwrap() += 1);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Charge::perform_later().on(&running.client()).await.unwrap());
    fixture.reaches(id, State::Scheduled).await;
    fixture.clock.advance(Duration::from_secs(1));
    fixture.reaches(id, State::Failed).await;
    let expected = [(1, "declined".to_owned(), true), (2, "declined".to_owned(), false)];
    assert_eq!(*received.lock().unwrap(), expected);
    assert_eq!(*deaths.lock().unwrap(), 1, "a death handler hears of the last one only");
}

async fn shown(fixture: &Fixture, enqueued: impl AsyncFnOnce(&Client) -> jobs::Result<Enqueued>) -> String {
    let jobs = fixture.builder(jobs::jobs![KeepCard, KeepAll]).build().await.unwrap().client();
    let id = id(enqueued(&jobs).await.unwrap());
    let event = fixture.recorder.wait_for(|event| event.job().is_some_and(|job| job.id == id)).await;
    event.job().expect("it is about a job").arguments.clone()
}

#[tokio::test]
async fn redacted_arguments_are_stored_and_not_shown() {
    let fixture = Fixture::new();
    let words = shown(&fixture, async |jobs| KeepCard::perform_later(7, "4111").on(jobs).await).await;
    assert_eq!(words, r#"{"card":"[redacted]","order":7}"#);
    let stored = fixture.inspect().list(&jobs::store::Filter::default()).await.unwrap();
    assert!(stored[0].arguments.contains("4111"), "the job itself needs them");
}

#[tokio::test]
async fn arguments_that_are_not_to_be_logged_are_hidden() {
    let words = shown(&Fixture::new(), async |jobs| KeepAll::perform_later("4111").on(jobs).await).await;
    assert_eq!(words, "[hidden]");
}

#[tokio::test]
async fn a_job_that_runs_for_too_long_is_reported_while_it_runs() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![TakeLong]).slow_after(Duration::from_millis(5));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(TakeLong::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::RanSlowly(_))).await;
    assert_eq!(fixture.record(id).await.state, State::Claimed, "it still runs");
    GATE.add_permits(1);
    fixture.reaches(id, State::Finished).await;
}
