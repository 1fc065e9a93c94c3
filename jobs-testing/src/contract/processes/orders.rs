//! Processes learn what a person asks of them.

use jobs_core::{Decision, HeartbeatReply, JobId, Process, ProcessId, ProcessOrder, ProcessStatus, State};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, ONE, SILENCE, TWO, retry_in, secs};

async fn order(fixture: &Fixture, process: ProcessId, order: ProcessOrder) -> bool {
    let orders = fixture.store().process_orders().expect("the case requires it");
    orders.order(process, order).await.expect("the store takes orders")
}

async fn beat_as(fixture: &Fixture, phase: ProcessStatus) -> HeartbeatReply {
    let mut process = Process::new(ONE, "one", "host", 1);
    process.phase = phase;
    fixture.store().heartbeat(&process).await.expect("the store records a heartbeat")
}

/// A process learns of an order with each heartbeat until it has followed it, and others do not.
pub async fn a_process_learns_what_it_is_asked_until_it_has_done_it(fixture: Fixture) {
    let (_one, _two) = (fixture.beat(ONE).await, fixture.beat(TWO).await);
    assert!(order(&fixture, ONE, ProcessOrder::Quiet).await, "it is new");
    assert!(!order(&fixture, ONE, ProcessOrder::Quiet).await, "it is asked already");
    for time in 1..=2 {
        let reply = beat_as(&fixture, ProcessStatus::Running).await;
        assert_eq!(reply, HeartbeatReply::Asked(ProcessOrder::Quiet), "told for the {time}. time");
    }
    assert_eq!(fixture.beat(TWO).await, HeartbeatReply::Alive, "another process is asked nothing");
    assert_eq!(beat_as(&fixture, ProcessStatus::Quiet).await, HeartbeatReply::Alive, "it is quiet now");
}

/// A stop is more than quiet, and quiet after a stop is nothing new.
pub async fn a_quiet_process_is_asked_to_stop(fixture: Fixture) {
    let _alive = beat_as(&fixture, ProcessStatus::Quiet).await;
    assert!(!order(&fixture, ONE, ProcessOrder::Quiet).await, "it is quiet");
    assert!(order(&fixture, ONE, ProcessOrder::Stop).await, "it is new");
    assert!(!order(&fixture, ONE, ProcessOrder::Quiet).await, "it stops");
    let reply = beat_as(&fixture, ProcessStatus::Quiet).await;
    assert_eq!(reply, HeartbeatReply::Asked(ProcessOrder::Stop), "it is told");
    assert_eq!(beat_as(&fixture, ProcessStatus::Stopped).await, HeartbeatReply::Alive, "it has stopped");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "a new start is asked nothing");
}

/// A process that was taken for dead still learns what it was asked, after it was told that its jobs were recovered.
pub async fn an_order_outlasts_a_silence(fixture: Fixture) {
    let _alive = fixture.beat(ONE).await;
    assert!(order(&fixture, ONE, ProcessOrder::Stop).await, "it is new");
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [ONE], "it seems dead");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::WasRecovered, "it is told so first");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Asked(ProcessOrder::Stop), "it is still asked");
}

/// A process that is not registered cannot be asked.
pub async fn an_unknown_process_takes_no_orders(fixture: Fixture) {
    assert!(!order(&fixture, ONE, ProcessOrder::Stop).await, "it was never known");
    let _alive = fixture.beat(ONE).await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [ONE], "it is dead");
    assert!(!order(&fixture, ONE, ProcessOrder::Stop).await, "a dead process is not known");
}

async fn cancel(fixture: &Fixture, job: JobId) -> Option<ProcessId> {
    let orders = fixture.store().process_orders().expect("the case requires it");
    orders.cancel(job).await.expect("the store takes requests")
}

async fn cancelled(fixture: &Fixture, process: ProcessId) -> Vec<JobId> {
    let orders = fixture.store().process_orders().expect("the case requires it");
    orders.cancelled(process).await.expect("the store tells them")
}

/// A process learns which of its jobs are to be cancelled until they have ended, and others do not.
pub async fn a_process_learns_which_of_its_jobs_are_to_be_cancelled(fixture: Fixture) {
    let (_one, _two) = (fixture.beat(ONE).await, fixture.beat(TWO).await);
    let (first, second, other) = (fixture.claimed().await, fixture.claimed().await, fixture.put_one().await);
    let other_job = fixture.claim_one_as(TWO).await;
    assert_eq!(cancelled(&fixture, ONE).await, [], "nothing is asked yet");
    for time in 1..=2 {
        assert_eq!(cancel(&fixture, first.id()).await, Some(ONE), "the {time}. request names the process");
        assert_eq!(cancelled(&fixture, ONE).await, [first.id()], "told for the {time}. time");
    }
    assert_eq!(cancelled(&fixture, TWO).await, [], "another process is asked nothing");
    assert_eq!(cancel(&fixture, second.id()).await, Some(ONE), "it is asked for a second job");
    assert_eq!(cancel(&fixture, other).await, Some(TWO), "the other process is asked for its own");
    let mut both = cancelled(&fixture, ONE).await;
    both.sort_unstable();
    assert_eq!(both, [first.id(), second.id()], "both are to be cancelled");
    fixture.applied(first, FINISH).await;
    assert_eq!(cancelled(&fixture, ONE).await, [second.id()], "the first has ended");
    fixture.applied(second, FINISH).await;
    fixture.applied(other_job, FINISH).await;
    assert_eq!((cancelled(&fixture, ONE).await, cancelled(&fixture, TWO).await), (vec![], vec![]), "all have ended");
}

/// A request to cancel is about one claim: no later claim of the job is cancelled by it, in whichever way the first ended.
pub async fn a_request_to_cancel_ends_with_the_claim(fixture: Fixture) {
    let _alive = fixture.beat(ONE).await;
    let job = fixture.claimed().await;
    let id = job.id();
    assert_eq!(cancel(&fixture, id).await, Some(ONE), "it runs");
    fixture.applied(job, Decision::Release).await;
    let job = fixture.claim_one().await;
    assert_eq!(cancelled(&fixture, ONE).await, [], "it was given back and claimed anew");
    assert_eq!(cancel(&fixture, id).await, Some(ONE), "it runs again");
    fixture.applied(job, retry_in(secs(1))).await;
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(1).await.ready, 1, "it is due again");
    let job = fixture.claim_one().await;
    assert_eq!(cancelled(&fixture, ONE).await, [], "it was retried");
    assert_eq!(cancel(&fixture, id).await, Some(ONE), "it runs a third time");
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [id], "its process seems dead");
    let _alive = fixture.beat(ONE).await;
    let again = fixture.claim_one().await;
    assert_eq!(cancelled(&fixture, ONE).await, [], "it was recovered");
    drop((job, again));
}

/// No request is kept for a job that does not run, or whose process is not registered.
pub async fn only_a_job_that_a_known_process_runs_can_be_cancelled(fixture: Fixture) {
    let ready = fixture.put_one().await;
    assert_eq!(cancel(&fixture, ready).await, None, "it waits");
    assert_eq!(cancel(&fixture, fixture.job().id).await, None, "there is no such job");
    let job = fixture.claim_one().await;
    assert_eq!(cancel(&fixture, ready).await, None, "its process never sent a heartbeat");
    let _alive = fixture.beat(ONE).await;
    assert_eq!(cancelled(&fixture, ONE).await, [], "nothing was kept");
    assert_eq!(cancel(&fixture, ready).await, Some(ONE), "its process is known now");
    fixture.applied(job, FINISH).await;
    assert_eq!(cancel(&fixture, ready).await, None, "it has ended");
    let lost = fixture.claimed().await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [ONE], "its process is dead");
    assert_eq!(cancel(&fixture, lost.id()).await, None, "it waits again");
    fixture.is(lost.id(), State::Ready, "a request moves no job").await;
}
