//! A process that was suspended begins nothing before it has shown that it is alive.

use std::sync::Arc;
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{Claim, Execution, HeartbeatReply, Process, Recovery, Store, StoreFuture};
use jobs::{ChangeOutcome, Event, RuntimeHandle, State};
use jobs_testing::{PassThrough, PassThroughStore};
use tokio::sync::{Semaphore, watch};

use crate::fixture::{CallLog, Fixture, id};

#[job]
async fn work(number: u32, calls: &CallLog) {
    calls.add(format!("work {number}"));
}

/// The answers to claims that have jobs wait at a gate: the process is suspended between the claim and its answer.
struct LateClaims {
    store: Arc<dyn Store>,
    /// Has a permit for each claim that waits.
    claimed: Semaphore,
    open: watch::Sender<bool>,
    calls: CallLog,
}

impl PassThrough for LateClaims {
    fn inner(&self) -> &dyn Store {
        &*self.store
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let executions = self.store.claim(claim).await?;
            if !executions.is_empty() && !*self.open.borrow() {
                self.claimed.add_permits(1);
                let mut open = self.open.subscribe();
                let _open = open.wait_for(|open| *open).await;
            }
            Ok(executions)
        })
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.calls.add("heartbeat");
        self.store.heartbeat(process)
    }
}

const SILENCE: Duration = Duration::from_secs(60);

/// A runtime that has claimed a job, and whose clock then moved on by more than a process may be silent.
async fn suspended(calls: &CallLog) -> (Fixture, Arc<PassThroughStore<LateClaims>>, RuntimeHandle, jobs::JobId) {
    let mut fixture = Fixture::new();
    let (claimed, open) = (Semaphore::new(0), watch::Sender::new(false));
    let late = LateClaims { store: fixture.store.clone(), claimed, open, calls: calls.clone() };
    let late = Arc::new(PassThroughStore(late));
    fixture.store = late.clone();
    // No heartbeat comes by itself while the test runs.
    let builder = fixture.builder_logging(calls, jobs::jobs![Work]).heartbeat_interval(SILENCE / 2).dead_after(SILENCE);
    let running = builder.build().await.unwrap().start().await.unwrap();
    let job = id(Work::perform_later(1).on(&running.client()).await.unwrap());
    late.0.claimed.acquire().await.unwrap().forget();
    assert_eq!(calls.all(), ["heartbeat"], "that of the start");
    fixture.clock.advance(SILENCE + Duration::from_secs(1));
    (fixture, late, running, job)
}

#[tokio::test]
async fn a_woken_process_does_not_begin_a_job_that_was_recovered_and_cancelled() {
    let calls = CallLog::default();
    let (fixture, late, running, job) = suspended(&calls).await;
    let recovered = fixture.store.recover(&Recovery::new(SILENCE, 3)).await.unwrap();
    assert_eq!(recovered.ready, [job]);
    assert_eq!(running.client().cancel(job).await.unwrap(), ChangeOutcome::Changed);
    late.0.open.send_replace(true);
    let next = id(Work::perform_later(2).on(&running.client()).await.unwrap());
    fixture.reaches(next, State::Finished).await;
    assert_eq!(fixture.record(job).await.state, State::Discarded);
    let calls = calls.all();
    assert!(!calls.contains(&"work 1".to_owned()), "the cancelled job did not run: {calls:?}");
    assert_eq!((calls[1].as_str(), calls.last().map(String::as_str)), ("heartbeat", Some("work 2")));
    running.stop().await;
    assert!(
        !fixture.recorder.events().iter().any(|event| matches!(event, Event::Fenced(_))),
        "a loss is no late settlement"
    );
}

#[tokio::test]
async fn a_woken_process_that_lost_nothing_sends_a_heartbeat_and_begins_its_job() {
    let calls = CallLog::default();
    let (fixture, late, running, job) = suspended(&calls).await;
    late.0.open.send_replace(true);
    let record = fixture.reaches(job, State::Finished).await;
    assert_eq!(record.attempts, 1);
    assert_eq!(calls.all(), ["heartbeat", "heartbeat", "work 1"]);
    running.stop().await;
}
