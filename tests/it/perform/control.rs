//! Control of one job by its id: find, cancel, reschedule.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{Claim, Decision, ProcessId, QueueSelector};
use jobs::{ChangeOutcome, Due, Error, Event, JobId, State};
use tokio::sync::Semaphore;

use crate::fixture::{CallLog, Fixture, id, log_call};

/// Runs until the gate opens or cancellation is requested.
#[job(retry_on(any, wait = 1s), after_discard(log_discard))]
async fn toil(ends: String, ctx: &Context, gate: &Arc<Semaphore>, calls: &CallLog) -> Result<(), io::Error> {
    calls.add("begun");
    tokio::select! {
        () = ctx.cancelled() => calls.add(format!("cancellation requested: {}", ctx.is_cancelled())),
        permit = gate.acquire() => permit.map_err(io::Error::other)?.forget(),
    }
    match ends.as_str() {
        "well" => Ok(()),
        _ => Err(io::Error::other("put down half way")),
    }
}

fn log_discard(ctx: &Context, failure: &Failure) {
    log_call(ctx, format!("discarded: {failure}"));
}

struct ControlFixture {
    fixture: Fixture,
    gate: Arc<Semaphore>,
    calls: CallLog,
}

impl ControlFixture {
    fn new() -> Self {
        Self { fixture: Fixture::new(), gate: Arc::new(Semaphore::new(0)), calls: CallLog::default() }
    }

    async fn runtime(&self) -> Runtime {
        let builder = self.fixture.builder_logging(&self.calls, jobs::jobs![Toil]).provide(self.gate.clone());
        builder.heartbeat_interval(Duration::from_millis(20)).build().await.unwrap()
    }

    /// A runtime that runs a job, and how the job ends after a cancellation request.
    async fn at_work(&self, ends: &str) -> (jobs::RuntimeHandle, JobId) {
        let running = self.runtime().await.start().await.unwrap();
        let id = id(Toil::perform_later(ends).on(&running.client()).await.unwrap());
        self.fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
        (running, id)
    }
}

fn unknown_id() -> JobId {
    JobId::from_bytes([9; 16])
}

#[tokio::test]
async fn a_job_is_found_by_its_id_in_every_state_of_its_life() {
    let control = ControlFixture::new();
    let (running, id) = control.at_work("badly").await;
    let jobs = running.client();
    let found = jobs.find(id).await.unwrap().unwrap();
    assert_eq!((found.id, found.name.as_str(), found.state, found.attempts), (id, "toil", State::Claimed, 1));
    control.gate.add_permits(1);
    control.fixture.reaches(id, State::Scheduled).await;
    let found = jobs.find(id).await.unwrap().unwrap();
    assert_eq!((found.state, found.errors[0].message.as_str()), (State::Scheduled, "put down half way"));
    assert_eq!(jobs.find(unknown_id()).await.unwrap(), None);
}

#[tokio::test]
async fn a_waiting_job_is_cancelled_and_does_not_run() {
    let control = ControlFixture::new();
    let jobs = control.runtime().await.client();
    let ready = id(Toil::perform_later("well").on(&jobs).await.unwrap());
    let scheduled = id(Toil::perform_later("well").wait(Duration::from_secs(60)).on(&jobs).await.unwrap());
    for id in [ready, scheduled] {
        assert_eq!(jobs.cancel(id).await.unwrap(), ChangeOutcome::Changed);
        assert_eq!(control.fixture.record(id).await.state, State::Discarded);
        assert_eq!(
            jobs.cancel(id).await.unwrap(),
            ChangeOutcome::AlreadyDone(State::Discarded),
            "a second time it is too late"
        );
    }
    let running = control.runtime().await.start().await.unwrap();
    running.drained().await.unwrap();
    assert!(control.calls.all().is_empty());
}

#[tokio::test]
async fn a_running_job_that_is_cancelled_gets_the_request_and_is_not_retried() {
    let control = ControlFixture::new();
    let (running, id) = control.at_work("badly").await;
    let reached = running.client().cancel(id).await.unwrap();
    assert!(matches!(reached, ChangeOutcome::Running { cancel_requested: true, .. }), "{reached:?}");
    let record = control.fixture.reaches(id, State::Discarded).await;
    assert_eq!(record.errors[0].message, "put down half way");
    assert_eq!(control.calls.all(), ["begun", "cancellation requested: true", "discarded: put down half way"]);
}

#[tokio::test]
async fn a_running_job_that_is_cancelled_and_succeeds_is_finished() {
    let control = ControlFixture::new();
    let (running, id) = control.at_work("well").await;
    assert!(!running.client().cancel(id).await.unwrap().is_changed());
    control.fixture.reaches(id, State::Finished).await;
    let next = crate::fixture::id(Toil::perform_later("well").on(&running.client()).await.unwrap());
    control.gate.add_permits(1);
    control.fixture.reaches(next, State::Finished).await;
    assert_eq!(control.calls.all(), ["begun", "cancellation requested: true", "begun"], "other jobs get no request");
}

#[tokio::test]
async fn a_job_that_runs_in_another_process_is_cancelled_through_the_store() {
    let control = ControlFixture::new();
    let (running, id) = control.at_work("badly").await;
    let other = control.runtime().await.client();
    let process = control.fixture.record(id).await.claimed_by.unwrap();
    assert_eq!(
        other.cancel(id).await.unwrap(),
        ChangeOutcome::Running { process: Some(process), cancel_requested: true }
    );
    control.fixture.reaches(id, State::Discarded).await;
    assert_eq!(control.calls.all(), ["begun", "cancellation requested: true", "discarded: put down half way"]);
    let retried = running.client().manage().unwrap().retry(&[id]).await.unwrap();
    assert_eq!(retried, 1);
    control.gate.add_permits(1);
    control.fixture.reaches(id, State::Scheduled).await;
    assert_eq!(control.calls.all()[3..], ["begun"], "a request ends with the attempt");
}

#[tokio::test]
async fn a_job_whose_process_is_not_known_is_named_as_running_and_left_alone() {
    let control = ControlFixture::new();
    let jobs = control.runtime().await.client();
    let id = id(Toil::perform_later("well").on(&jobs).await.unwrap());
    let process = ProcessId::new(77);
    let claim = Claim::new(process, vec![QueueSelector::All], 1);
    let claimed = control.fixture.store.claim(&claim).await.unwrap();
    let running = ChangeOutcome::Running { process: Some(process), cancel_requested: false };
    assert_eq!(jobs.cancel(id).await.unwrap(), running);
    assert_eq!(jobs.reschedule(id, Due::Now).await.unwrap(), running);
    let finished: Vec<_> = claimed.into_iter().map(|job| job.settle(Decision::Finish { keep: true })).collect();
    control.fixture.store.settle(&finished).await.unwrap();
    assert_eq!(jobs.cancel(id).await.unwrap(), ChangeOutcome::AlreadyDone(State::Finished));
}

#[tokio::test]
async fn a_waiting_job_is_set_to_another_time_and_runs_then() {
    let control = ControlFixture::new();
    let running = control.runtime().await.start().await.unwrap();
    let jobs = running.client();
    let id = id(Toil::perform_later("well").wait(Duration::from_secs(60)).on(&jobs).await.unwrap());
    let at = jobs::time::Clock::now(&*control.fixture.clock) + Duration::from_secs(5);
    assert_eq!(jobs.reschedule(id, Due::At(at)).await.unwrap(), ChangeOutcome::Changed);
    assert_eq!(control.fixture.record(id).await.due_at, at);
    assert_eq!(jobs.reschedule(id, Due::In(Duration::from_secs(90))).await.unwrap(), ChangeOutcome::Changed);
    assert_eq!(jobs.reschedule(id, Due::Now).await.unwrap(), ChangeOutcome::Changed);
    control.gate.add_permits(1);
    control.fixture.reaches(id, State::Finished).await;
    assert_eq!(jobs.reschedule(id, Due::Now).await.unwrap(), ChangeOutcome::AlreadyDone(State::Finished));
}

#[tokio::test]
async fn a_failed_job_can_be_cancelled_but_not_set_to_another_time() {
    let fixture = Fixture::new();
    let id = fixture.store_raw("toil", "{}", |_| {}).await;
    let control = ControlFixture { fixture, ..ControlFixture::new() };
    let claim = jobs::store::Claim::all(jobs::store::ProcessId::new(5), 1);
    let execution = control.fixture.store.claim(&claim).await.unwrap().remove(0);
    let fail = jobs::store::Decision::Fail { meta: None, error: jobs::store::ErrorRecord::new("E", "e") };
    let _settled = control.fixture.store.settle(&[execution.settle(fail)]).await.unwrap();
    let jobs = control.runtime().await.client();
    assert_eq!(jobs.reschedule(id, Due::Now).await.unwrap(), ChangeOutcome::AlreadyDone(State::Failed));
    assert_eq!(jobs.cancel(id).await.unwrap(), ChangeOutcome::Changed);
}

#[tokio::test]
async fn an_unknown_job_is_not_found() {
    let jobs = ControlFixture::new().runtime().await.client();
    assert_eq!(jobs.cancel(unknown_id()).await.unwrap(), ChangeOutcome::NotFound);
    assert_eq!(jobs.reschedule(unknown_id(), Due::Now).await.unwrap(), ChangeOutcome::NotFound);
}

#[tokio::test]
async fn without_manage_control_is_an_error() {
    let control = ControlFixture::new();
    let builder = Runtime::builder().connect("inline:").register(jobs::jobs![Toil]);
    let builder = builder.provide(control.calls.clone()).provide(control.gate.clone());
    let jobs = builder.build().await.unwrap().client();
    let error: Error = jobs.cancel(unknown_id()).await.unwrap_err();
    assert!(error.is_unsupported() && error.to_string().contains("manually"), "{error}");
}
