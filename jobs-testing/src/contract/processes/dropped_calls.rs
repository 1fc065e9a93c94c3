//! A call whose future is dropped is done as a whole or not at all.

use std::task::{Context, Poll, Waker};

use jobs_core::{
    Claim, Decision, Execution, Process, ProcessStatus, Recovery, Settled, Settlement, State, StoreFuture,
};

use crate::contract::fixture::{CRASH_LIMIT, KEEP, ONE, SILENCE, TWO, ids, ids_of, secs};
use crate::contract::{Fixture, Requirement};

/// How many jobs a dropped call is about.
const BATCH: usize = 7;

/// After how many polls the futures are dropped.
pub(crate) const POLLS: [usize; 5] = [0, 1, 2, 3, 8];

/// How many claims may pass until what a dropped one took is given again.
const CLAIMS: usize = 3;

/// How often a case checks whether an unpolled claim is done.
const LOOKS: usize = 50;

/// Polls so often and drops; the answer if there was one. Where a call takes one poll, it is not dropped but done.
pub(crate) fn drop_after<T>(polls: usize, mut call: StoreFuture<'_, T>) -> Option<T> {
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        if let Poll::Ready(answer) = call.as_mut().poll(&mut context) {
            return Some(answer.expect("the store answers"));
        }
    }
    None
}

fn whole_or_nothing(count: usize, polls: usize, call: &str) {
    assert!(count == 0 || count == BATCH, "{call} dropped after {polls} polls was done for {count} of {BATCH} jobs");
}

/// A dropped enqueue has stored all jobs or none, and can be repeated.
pub async fn a_dropped_enqueue_stores_all_or_nothing(fixture: Fixture) {
    for polls in POLLS {
        let jobs = fixture.jobs(BATCH);
        let _answer = drop_after(polls, fixture.store().enqueue(&jobs));
        let claimed = fixture.claim(100).await;
        whole_or_nothing(claimed.len(), polls, "an enqueue");
        let _stored = fixture.enqueue(&jobs).await;
        let mut all = ids(&claimed);
        all.extend(ids(&fixture.claim(100).await));
        if !fixture.meets(Requirement::Identity) {
            all.truncate(BATCH);
        }
        assert_eq!(all, ids_of(&jobs), "repeated, it has stored each job once");
    }
}

/// A dropped dispatch is repeated without harm.
pub async fn a_dropped_dispatch_loses_no_job(fixture: Fixture) {
    for polls in POLLS {
        let mut jobs = fixture.jobs(BATCH);
        for job in &mut jobs {
            job.due = jobs_core::Due::In(secs(1));
        }
        let _stored = fixture.enqueue(&jobs).await;
        fixture.advance(secs(1));
        let _answer = drop_after(polls, fixture.store().dispatch(100));
        whole_or_nothing(fixture.dispatch(100).await.ready, polls, "a dispatch");
        assert_eq!(ids(&fixture.claim(100).await), ids_of(&jobs), "each job is ready once");
    }
}

/// A dropped claim gives all its jobs to its process or none.
pub async fn a_dropped_claim_holds_all_or_nothing(fixture: Fixture) {
    let jobs = fixture.jobs(BATCH);
    let _stored = fixture.enqueue(&jobs).await;
    for polls in POLLS {
        let _answer = drop_after(polls, fixture.store().claim(&Claim::all(ONE, 100)));
        let others = fixture.claim_as(TWO, 100).await;
        whole_or_nothing(others.len(), polls, "a claim");
        for process in [ONE, TWO] {
            let _pulse = fixture.beat_in(process, ProcessStatus::Stopped).await;
        }
    }
    let claimed = fixture.claim(100).await;
    assert_eq!(ids(&claimed), ids_of(&jobs), "the jobs of the dropped claim came back");
    assert!(claimed.iter().all(|execution| execution.attempt == 1), "no attempt is counted");
}

/// The jobs of a dropped claim are not lost: the claims that follow give them, to that process
/// or to another, as if they had not been claimed.
pub async fn jobs_of_a_dropped_claim_are_claimed_again(fixture: Fixture) {
    let jobs = fixture.jobs(BATCH);
    let _stored = fixture.enqueue(&jobs).await;
    for polls in POLLS {
        let claim = Claim::all(ONE, 100);
        let mut executions = drop_after(polls, fixture.store().claim(&claim)).unwrap_or_default();
        for _ in 0..CLAIMS {
            executions.extend(fixture.claim(100).await);
        }
        fixture.gives(&executions, &ids_of(&jobs), &format!("dropped after {polls} polls"));
        assert!(executions.iter().all(|execution| execution.attempt == 1), "no attempt is counted");
        give_back(&fixture, executions).await;
    }
}

/// So is what a dropped settle with a claim took.
pub async fn jobs_of_a_dropped_settle_and_claim_are_claimed_again(fixture: Fixture) {
    for polls in POLLS {
        let settlements = held(&fixture).await;
        let jobs = fixture.jobs(BATCH);
        let _stored = fixture.enqueue(&jobs).await;
        let claim = Claim::all(ONE, 100);
        let answer = drop_after(polls, fixture.store().settle_and_claim(&settlements, &claim));
        let mut executions = answer.map(|(_, executions)| executions).unwrap_or_default();
        for _ in 0..CLAIMS {
            executions.extend(fixture.claim(100).await);
        }
        assert_eq!(ids(&executions), ids_of(&jobs), "dropped after {polls} polls");
        let _settled = fixture.settle_all(&settlements).await;
        for execution in executions {
            fixture.applied(execution, KEEP).await;
        }
    }
}

/// So is what a claim took that was done, and dropped before its answer was read.
pub async fn jobs_of_an_unread_claim_are_claimed_again(fixture: Fixture) {
    let jobs = fixture.jobs(BATCH);
    let _stored = fixture.enqueue(&jobs).await;
    let claim = Claim::all(ONE, 100);
    let mut call = fixture.store().claim(&claim);
    let mut executions = match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.expect("the store answers"),
        Poll::Pending => Vec::new(),
    };
    for _ in 0..LOOKS {
        let Some(inspect) = fixture.inspect() else { break };
        if inspect.counts().await.expect("the store counts").of(State::Claimed) > 0 {
            break;
        }
    }
    drop(call);
    for _ in 0..CLAIMS {
        executions.extend(fixture.claim(100).await);
    }
    assert_eq!(ids(&executions), ids_of(&jobs), "the jobs of the unread claim are claimed again");
    assert!(executions.iter().all(|execution| execution.attempt == 1), "no attempt is counted");
}

async fn give_back(fixture: &Fixture, executions: Vec<Execution>) {
    for execution in executions {
        fixture.applied(execution, Decision::Release).await;
    }
}

/// A dropped settle has written all settlements or none.
pub async fn a_dropped_settle_writes_all_or_nothing(fixture: Fixture) {
    for polls in POLLS {
        let batch = held(&fixture).await;
        let _answer = drop_after(polls, fixture.store().settle(&batch));
        all_settled(&fixture, &batch, polls, "a settle").await;
    }
}

/// So has a dropped settle with a claim.
pub async fn a_dropped_settle_and_claim_settles_all_or_nothing(fixture: Fixture) {
    for polls in POLLS {
        let batch = held(&fixture).await;
        let _answer = drop_after(polls, fixture.store().settle_and_claim(&batch, &Claim::all(ONE, 100)));
        all_settled(&fixture, &batch, polls, "a settle with a claim").await;
    }
}

async fn held(fixture: &Fixture) -> Vec<Settlement> {
    let _stored = fixture.enqueue(&fixture.jobs(BATCH)).await;
    fixture.claim(BATCH).await.into_iter().map(|execution| execution.settle(KEEP)).collect()
}

/// Repeats what was dropped, and checks whether it was written as a whole.
async fn all_settled(fixture: &Fixture, batch: &[Settlement], polls: usize, call: &str) {
    let answers = fixture.settle_all(batch).await;
    whole_or_nothing(answers.iter().filter(|answer| **answer == Settled::Applied).count(), polls, call);
    for settlement in batch {
        fixture.is(settlement.token.job, State::Finished, "it is written, then or now").await;
    }
}

/// A dropped stop gives back all jobs or none.
pub async fn a_dropped_stop_gives_back_all_or_nothing(fixture: Fixture) {
    let jobs = fixture.jobs(BATCH);
    let _stored = fixture.enqueue(&jobs).await;
    for polls in POLLS {
        assert_eq!(fixture.claim(100).await.len(), BATCH, "all are held");
        let mut process = Process::new(ONE, "worker", "host", 7);
        process.phase = ProcessStatus::Stopped;
        let _answer = drop_after(polls, fixture.store().heartbeat(&process));
        let ready = fixture.claim_as(TWO, 100).await;
        whole_or_nothing(ready.len(), polls, "a stop");
        for process in [ONE, TWO] {
            let _pulse = fixture.beat_in(process, ProcessStatus::Stopped).await;
        }
    }
    assert_eq!(fixture.claim_one().await.attempt, 1, "no attempt is counted");
}

/// A dropped recovery counts each crash once.
pub async fn a_dropped_recovery_counts_each_crash_once(fixture: Fixture) {
    for polls in POLLS {
        let _stored = fixture.enqueue(&fixture.jobs(BATCH)).await;
        let _pulse = fixture.beat(ONE).await;
        let held = ids(&fixture.claim(BATCH).await);
        fixture.advance(SILENCE + secs(1));
        let recovery = Recovery::new(SILENCE, CRASH_LIMIT);
        let _answer = drop_after(polls, fixture.store().recover(&recovery));
        whole_or_nothing(fixture.recover().await.ready.len(), polls, "a recovery");
        for id in held {
            fixture.shows(id, "one crash", |record| (record.crashes, record.state) == (1, State::Ready)).await;
        }
        for execution in fixture.claim_as(TWO, 100).await {
            fixture.is_attempt(execution.attempt, 2, 1, "one attempt was lost");
            fixture.applied(execution, KEEP).await;
        }
    }
}
