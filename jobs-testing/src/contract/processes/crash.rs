//! A process may die between any two calls: its job is accounted for.
//!
//! A life in six calls is cut after each of them. The process goes silent, another one recovers and works on.

use std::sync::Arc;

use jobs_core::{
    Claim, Decision, Execution, JobId, JobRecord, NewJob, POISON_CLASS, Process, ProcessStatus, Recovered, Recovery,
    Settled, Settlement, State, Store,
};

use crate::contract::fixture::{CRASH_LIMIT, KEEP, ONE, SILENCE, TWO, ids, retry_in, secs};
use crate::contract::{Fixture, Requirement};

/// What a life came to under the process that died.
struct Cut {
    job: NewJob,
    /// The last right it held.
    held: Option<Execution>,
}

/// Another process on the same store.
struct Survivor(Arc<dyn Store>);

impl Survivor {
    async fn beat(&self) {
        let process = Process::new(TWO, "survivor", "elsewhere", 8);
        let _pulse = self.0.heartbeat(&process).await.expect("the survivor beats");
    }

    async fn recover(&self) -> Recovered {
        let recovery = Recovery::new(SILENCE, CRASH_LIMIT);
        self.0.recover(&recovery).await.expect("the survivor recovers")
    }

    /// Finishes all there is, and says what and at which attempt.
    async fn work_off(&self) -> Vec<(JobId, u32)> {
        self.0.dispatch(10).await.expect("the survivor dispatches");
        let claimed = self.0.claim(&Claim::all(TWO, 10)).await.expect("the survivor claims");
        let done = claimed.iter().map(|execution| (execution.id(), execution.attempt)).collect();
        let batch: Vec<_> = claimed.into_iter().map(|execution| execution.settle(KEEP)).collect();
        let settled = self.0.settle(&batch).await.expect("the survivor settles");
        assert!(settled.iter().all(|answer| *answer == Settled::Applied), "its claims hold");
        done
    }
}

/// Lives up to so many calls: enqueue, claim, retry, dispatch, claim, finish.
async fn live(fixture: &Fixture, calls: usize) -> Cut {
    let _pulse = fixture.beat(ONE).await;
    let mut cut = Cut { job: fixture.job(), held: None };
    for call in 1..=calls {
        match call {
            1 => assert_eq!(fixture.put(cut.job.clone()).await, cut.job.id, "it is stored"),
            2 | 5 => cut.held = Some(fixture.claim_one().await),
            3 => fixture.applied(cut.held.take().expect("it was claimed before"), retry_in(secs(1))).await,
            4 => {
                fixture.advance(secs(1));
                assert_eq!(fixture.dispatch(10).await.ready, 1, "the retry is due");
            }
            _ => fixture.applied(cut.held.take().expect("it was claimed again"), KEEP).await,
        }
    }
    cut
}

/// Cuts the life after so many calls, and lets another process go on.
async fn cut_after(fixture: &Fixture, calls: usize, attempt: Option<u32>, crashes: u32, errors: usize) {
    let cut = live(fixture, calls).await;
    let id = cut.job.id;
    fixture.advance(SILENCE + secs(2));
    let survivor = Survivor(fixture.another().await);
    survivor.beat().await;
    let recovered = survivor.recover().await;
    assert_eq!(recovered.processes, [ONE], "after {calls} calls the process is given up");
    let lost: Vec<_> = cut.held.iter().map(Execution::id).collect();
    assert_eq!(recovered.ready, lost, "after {calls} calls this is what it held");
    let done = survivor.work_off().await;
    let ran: Vec<_> = done.iter().map(|(id, _)| *id).collect();
    assert_eq!(ran, attempt.map(|_| id).into_iter().collect::<Vec<_>>(), "cut after {calls} calls");
    if let (Some((_, attempt)), Some(expected)) = (done.first(), attempt) {
        fixture.is_attempt(*attempt, expected, crashes, "the attempts before the cut count");
    }
    assert!(survivor.work_off().await.is_empty(), "it is finished once");
    if let Some(held) = cut.held {
        let late = held.settle(Decision::Release);
        assert_eq!(fixture.settle_all(&[late]).await, [Settled::Stale], "the dead process is fenced if it comes back");
    }
    let words = format!("cut after {calls} calls");
    fixture.is(id, State::Finished, &words).await;
    // Each crash is the end of an attempt, and so an error.
    let ended = |it: &JobRecord| it.errors.iter().filter(|error| error.class != POISON_CLASS).count() == errors;
    let died = |it: &JobRecord| it.errors.len() - errors == crashes as usize;
    let are_listed = |it: &JobRecord| !fixture.meets(Requirement::History) || ended(it) && died(it);
    fixture.shows_done(id, &words, |it| it.crashes == crashes && are_listed(it)).await;
}

/// A process that dies before its enqueue leaves nothing.
pub async fn a_crash_before_the_enqueue_leaves_nothing(fixture: Fixture) {
    let cut = live(&fixture, 0).await;
    fixture.advance(SILENCE + secs(1));
    let survivor = Survivor(fixture.another().await);
    assert!(survivor.recover().await.ready.is_empty(), "it held nothing");
    assert!(survivor.work_off().await.is_empty(), "there is nothing to do");
    assert_eq!(fixture.find(cut.job.id).await, None, "nothing was stored");
}

/// After the enqueue the job runs elsewhere.
pub async fn a_crash_after_the_enqueue_loses_nothing(fixture: Fixture) {
    cut_after(&fixture, 1, Some(1), 0, 0).await;
}

/// After the claim it runs again, and the attempt counts.
pub async fn a_crash_after_the_claim_costs_an_attempt(fixture: Fixture) {
    cut_after(&fixture, 2, Some(2), 1, 0).await;
}

/// After the retry was written it waits on.
pub async fn a_crash_after_the_retry_keeps_its_error(fixture: Fixture) {
    cut_after(&fixture, 3, Some(2), 0, 1).await;
}

/// After the dispatch it is ready.
pub async fn a_crash_after_the_dispatch_loses_nothing(fixture: Fixture) {
    cut_after(&fixture, 4, Some(2), 0, 1).await;
}

/// After the second claim it runs a third time.
pub async fn a_crash_after_the_second_claim_costs_another_attempt(fixture: Fixture) {
    cut_after(&fixture, 5, Some(3), 1, 1).await;
}

/// After the finish was written it does not run again.
pub async fn a_crash_after_the_finish_repeats_nothing(fixture: Fixture) {
    cut_after(&fixture, 6, None, 0, 1).await;
}

/// A process that learned no answer repeats its last call, whichever it was.
pub async fn every_call_of_a_lifecycle_may_be_repeated(fixture: Fixture) {
    let job = fixture.job();
    for _ in 0..2 {
        fixture.put(job.clone()).await;
    }
    let retried = fixture.claim_one().await.settle(retry_in(secs(1)));
    repeats(&fixture, &retried).await;
    fixture.advance(secs(1));
    assert_eq!((fixture.dispatch(10).await.ready, fixture.dispatch(10).await.ready), (1, 0), "it is ready once");
    let finished = fixture.claim_one().await.settle(KEEP);
    repeats(&fixture, &finished).await;
    fixture.put(job.clone()).await;
    assert!(fixture.claim(10).await.is_empty(), "it is finished once");
    fixture.shows(job.id, "two attempts, one error", |it| (it.attempts, it.errors.len()) == (2, 1)).await;
}

async fn repeats(fixture: &Fixture, settlement: &Settlement) {
    let once = std::slice::from_ref(settlement);
    assert_eq!(fixture.settle_all(once).await, [Settled::Applied], "written at first");
    assert_eq!(fixture.settle_all(once).await, [Settled::Stale], "and once");
}

/// A process that stops in order costs nothing.
pub async fn a_graceful_stop_costs_no_attempt(fixture: Fixture) {
    for (calls, attempt) in [(2, 1), (5, 2)] {
        let cut = live(&fixture, calls).await;
        let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
        let survivor = Survivor(fixture.another().await);
        survivor.beat().await;
        assert_eq!(survivor.work_off().await, [(cut.job.id, attempt)], "stopped after {calls} calls");
        fixture.shows_done(cut.job.id, "nothing crashed", |record| record.crashes == 0).await;
    }
}

/// All processes may die; the next one finds everything.
pub async fn a_crash_of_all_processes_loses_nothing(fixture: Fixture) {
    let jobs = fixture.jobs(9);
    let _stored = fixture.enqueue(&jobs).await;
    for process in [ONE, TWO] {
        let _pulse = fixture.beat(process).await;
        assert_eq!(fixture.claim_as(process, 3).await.len(), 3, "each holds three");
    }
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready.len(), 6, "what both held");
    let again = fixture.claim_as(jobs_core::ProcessId::new(3), 100).await;
    assert_eq!(ids(&again), crate::contract::fixture::ids_of(&jobs), "all are there, in order");
    for (execution, lost) in again.iter().zip([1, 1, 1, 1, 1, 1, 0, 0, 0]) {
        fixture.is_attempt(execution.attempt, 1 + lost, lost, "six lost an attempt");
    }
}
