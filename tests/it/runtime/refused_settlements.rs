//! A store that refuses to write how some jobs end: the other jobs are settled, and the process stops in time.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use jobs::events::SettlementRefused;
use jobs::logs::AttemptLogLayer;
use jobs::prelude::*;
use jobs::store::{Claim, Decision, Execution, Settled, Settlement, Store, StoreFuture};
use jobs::{Error, Event, JobId, RuntimeBuilder, RuntimeHandle, State};
use jobs_testing::{PassThrough, PassThroughStore};
use tracing_subscriber::layer::SubscriberExt;

use crate::fixture::Fixture;
use crate::observe::log_capture::in_force;

#[derive(Debug)]
struct Pinched(String);

impl fmt::Display for Pinched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Pinched {}

#[job(retry_on(any, wait = 1h, attempts = 2))]
async fn crab(number: u64) -> Result<(), Pinched> {
    Err(Pinched(format!("crab \u{1f980} {number}")))
}

#[job]
async fn harmless(number: u64) -> Result<(), Pinched> {
    let _ = number;
    Ok(())
}

/// Says whether a settlement is refused.
type Refuses = Box<dyn Fn(&Settlement) -> bool + Send + Sync>;

/// A store that refuses some settlements for good, and each batch with one of them.
struct Refusing {
    inner: Arc<dyn Store>,
    refuses: Refuses,
}

impl PassThrough for Refusing {
    fn inner(&self) -> &dyn Store {
        &*self.inner
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        if settlements.iter().any(|settlement| (self.refuses)(settlement)) {
            return Box::pin(std::future::ready(Err(Error::other("no \u{1f980} here"))));
        }
        self.inner.settle(settlements)
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(async move {
            let settled = if settlements.is_empty() { Vec::new() } else { self.settle(settlements).await? };
            Ok((settled, self.inner.claim(claim).await?))
        })
    }
}

/// A fixture whose store refuses these settlements.
fn refusing(refuses: impl Fn(&Settlement) -> bool + Send + Sync + 'static) -> Fixture {
    let mut fixture = Fixture::new();
    let refusing = Refusing { inner: fixture.store.clone(), refuses: Box::new(refuses) };
    fixture.store = Arc::new(PassThroughStore(refusing));
    fixture
}

/// Whether the settlement has a text that is not ASCII.
fn has_a_crab(settlement: &Settlement) -> bool {
    let (Decision::Retry { error, .. } | Decision::Fail { error, .. }) = &settlement.decision else { return false };
    !error.message.is_ascii()
}

/// Stores crabs, each with harmless jobs before and after it.
async fn mixed(fixture: &Fixture) -> (Vec<JobId>, Vec<JobId>) {
    let (mut crabs, mut harmless) = (Vec::new(), Vec::new());
    for number in 0..20 {
        let arguments = format!(r#"{{"number":{number}}}"#);
        harmless.push(fixture.store_raw("harmless", &arguments, |_| {}).await);
        if number % 7 == 3 {
            crabs.push(fixture.store_raw("crab", &arguments, |_| {}).await);
        }
    }
    (crabs, harmless)
}

fn refusals(fixture: &Fixture, replaced: bool) -> usize {
    let is_one = move |event: &Event| matches!(event, Event::SettlementRefused(SettlementRefused { is_replaced, .. }) if *is_replaced == replaced);
    fixture.recorder.count(is_one)
}

/// Stops the process well before its shutdown time-out.
async fn stop(running: RuntimeHandle) {
    tokio::time::timeout(Duration::from_secs(20), running.stop()).await.expect("the process stops by itself");
}

fn builder(fixture: &Fixture) -> RuntimeBuilder {
    fixture.builder(jobs::jobs![Crab, Harmless]).shutdown_timeout(Duration::from_secs(3600))
}

#[tokio::test]
async fn an_error_that_cannot_be_stored_is_escaped_and_holds_up_no_other_job() {
    let fixture = refusing(has_a_crab);
    let (crabs, harmless) = mixed(&fixture).await;
    let running = builder(&fixture).build().await.unwrap().start().await.unwrap();
    for job in harmless {
        assert_eq!(fixture.reaches(job, State::Finished).await.attempts, 1);
    }
    for job in &crabs {
        let record = fixture.reaches(*job, State::Scheduled).await;
        let message = &record.errors[0].message;
        assert!(message.contains("crab \\u{1f980}") && message.contains("no \\u{1f980} here"), "{message}");
    }
    assert_eq!(refusals(&fixture, true), 3);
    // An hour, and the jitter.
    fixture.clock.advance(Duration::from_secs(2 * 3600));
    for job in crabs {
        let record = fixture.reaches(job, State::Failed).await;
        assert_eq!((record.attempts, record.errors.len()), (2, 2), "its rules count as always");
    }
    stop(running).await;
    assert_eq!(refusals(&fixture, false), 0);
}

#[tokio::test]
async fn a_job_whose_success_cannot_be_stored_fails_with_the_reason_and_keeps_its_meta() {
    let fixture = refusing(|settlement| matches!(settlement.decision, Decision::Finish { .. }));
    let meta = r#"{"tags":["a"]}"#;
    let job = fixture.store_raw("harmless", r#"{"number":1}"#, |new| new.meta = Some(meta.to_owned())).await;
    let running = builder(&fixture).build().await.unwrap().start().await.unwrap();
    let record = fixture.reaches(job, State::Failed).await;
    assert_eq!((record.errors[0].class.as_str(), record.meta.as_deref()), ("jobs::NotStorable", Some(meta)));
    let message = &record.errors[0].message;
    assert!(message.contains("performed and succeeded") && message.contains("no \\u{1f980} here"), "{message}");
    stop(running).await;
}

#[tokio::test]
async fn a_settlement_that_is_refused_in_all_forms_is_held_back_and_its_job_released_at_the_stop() {
    let fixture = refusing(|settlement| is_odd(settlement.token.job) && settlement.decision != Decision::Release);
    let (_, harmless) = mixed(&fixture).await;
    let running = builder(&fixture).build().await.unwrap().start().await.unwrap();
    let (odd, even): (Vec<JobId>, Vec<JobId>) = harmless.into_iter().partition(|job| is_odd(*job));
    for job in even {
        fixture.reaches(job, State::Finished).await;
    }
    stop(running).await;
    for job in odd {
        let record = fixture.record(job).await;
        assert_eq!((record.state, record.attempts), (State::Ready, 0), "it runs again");
    }
    assert_eq!(refusals(&fixture, true), 0);
    assert!(refusals(&fixture, false) > 0, "an event names each of them");
}

/// Whether the store refuses this job in all forms.
fn is_odd(job: JobId) -> bool {
    job.as_bytes()[15] % 2 == 1
}

#[tokio::test]
async fn a_store_that_refuses_all_settlements_for_a_while_gets_them_unchanged_later() {
    let is_away = Arc::new(AtomicBool::new(true));
    let fixture = refusing({
        let is_away = is_away.clone();
        move |_| is_away.load(Ordering::SeqCst)
    });
    let (crabs, harmless) = mixed(&fixture).await;
    let running = builder(&fixture).build().await.unwrap().start().await.unwrap();
    fixture.recorder.wait_for(|event| matches!(event, Event::StoreFailed(_))).await;
    is_away.store(false, Ordering::SeqCst);
    for job in harmless {
        assert_eq!(fixture.reaches(job, State::Finished).await.attempts, 1, "it ran once");
    }
    for job in crabs {
        assert!(!fixture.reaches(job, State::Scheduled).await.errors[0].message.is_ascii(), "as it was");
    }
    stop(running).await;
    assert_eq!(refusals(&fixture, true) + refusals(&fixture, false), 0);
}

#[job]
async fn log_and_fail() -> Result<(), Pinched> {
    tracing::info!("begins");
    Err(Pinched("no".to_owned()))
}

#[tokio::test]
async fn a_log_that_cannot_be_stored_is_left_out_and_the_error_is_kept() {
    let _in_force = in_force(tracing_subscriber::registry().with(AttemptLogLayer::new()));
    let fixture = refusing(|settlement| settlement.log.is_some());
    let job = fixture.store_raw("log_and_fail", "{}", |_| {}).await;
    let running = fixture.builder(jobs::jobs![LogAndFail]).build().await.unwrap().start().await.unwrap();
    let record = fixture.reaches(job, State::Failed).await;
    assert_eq!((record.errors[0].message.as_str(), &record.errors[0].log), ("no", &None), "the error as it is");
    stop(running).await;
    assert_eq!(refusals(&fixture, true), 1, "an event tells that something was left out");
}
