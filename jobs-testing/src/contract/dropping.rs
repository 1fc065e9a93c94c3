//! A call whose future is dropped is done as a whole or not at all.

use std::task::{Context, Poll, Waker};

use jobs_core::{Claim, Decision, Execution, Phase, Process, Recovery, Settled, Settlement, State, StoreFuture};

use crate::contract::Stage;
use crate::contract::stage::{CRASH_LIMIT, KEEP, ONE, SILENCE, TWO, ids, ids_of, secs};

/// How many jobs a dropped call is about.
const BATCH: usize = 7;

/// After how many polls the futures are dropped.
pub(crate) const POLLS: [usize; 5] = [0, 1, 2, 3, 8];

/// How many claims may pass until what a dropped one took is given again.
const CLAIMS: usize = 3;

/// How often it is looked whether a claim is done that nobody polls.
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

/// A dropped enqueue has stored all jobs or none, and can be repeated. Cancel safe.
pub async fn a_dropped_enqueue_stores_all_or_nothing(stage: Stage) {
    for polls in POLLS {
        let jobs = stage.jobs(BATCH);
        let _answer = drop_after(polls, stage.store().enqueue(&jobs));
        let claimed = stage.claim(100).await;
        whole_or_nothing(claimed.len(), polls, "an enqueue");
        let _stored = stage.enqueue(&jobs).await;
        let mut all = ids(&claimed);
        all.extend(ids(&stage.claim(100).await));
        assert_eq!(all, ids_of(&jobs), "repeated, it has stored each job once");
    }
}

/// A dropped dispatch is repeated without harm. Cancel safe.
pub async fn a_dropped_dispatch_loses_no_job(stage: Stage) {
    for polls in POLLS {
        let mut jobs = stage.jobs(BATCH);
        for job in &mut jobs {
            job.due = jobs_core::Due::In(secs(1));
        }
        let _stored = stage.enqueue(&jobs).await;
        stage.advance(secs(1));
        let _answer = drop_after(polls, stage.store().dispatch(100));
        whole_or_nothing(stage.dispatch(100).await.ready, polls, "a dispatch");
        assert_eq!(ids(&stage.claim(100).await), ids_of(&jobs), "each job is ready once");
    }
}

/// A dropped claim gives all its jobs to its process or none. Cancel safe.
pub async fn a_dropped_claim_holds_all_or_nothing(stage: Stage) {
    let jobs = stage.jobs(BATCH);
    let _stored = stage.enqueue(&jobs).await;
    for polls in POLLS {
        let _answer = drop_after(polls, stage.store().claim(&Claim::all(ONE, 100)));
        let others = stage.claim_as(TWO, 100).await;
        whole_or_nothing(others.len(), polls, "a claim");
        for process in [ONE, TWO] {
            let _pulse = stage.beat_in(process, Phase::Stopped).await;
        }
    }
    let claimed = stage.claim(100).await;
    assert_eq!(ids(&claimed), ids_of(&jobs), "what nobody holds came back");
    assert!(claimed.iter().all(|execution| execution.attempt == 1), "no attempt is counted");
}

/// What a claim took whose future was dropped is not held by nobody: the claims that follow give it, to that process
/// or to another, as if it had not been claimed. Cancel safe.
pub async fn what_a_dropped_claim_took_is_given_again(stage: Stage) {
    let jobs = stage.jobs(BATCH);
    let _stored = stage.enqueue(&jobs).await;
    for polls in POLLS {
        let claim = Claim::all(ONE, 100);
        let mut executions = drop_after(polls, stage.store().claim(&claim)).unwrap_or_default();
        for _ in 0..CLAIMS {
            executions.extend(stage.claim(100).await);
        }
        assert_eq!(ids(&executions), ids_of(&jobs), "dropped after {polls} polls");
        assert!(executions.iter().all(|execution| execution.attempt == 1), "no attempt is counted");
        give_back(&stage, executions).await;
    }
}

/// So is what a dropped settle with a claim took. Cancel safe.
pub async fn what_a_dropped_settle_and_claim_took_is_given_again(stage: Stage) {
    for polls in POLLS {
        let settlements = held(&stage).await;
        let jobs = stage.jobs(BATCH);
        let _stored = stage.enqueue(&jobs).await;
        let claim = Claim::all(ONE, 100);
        let answer = drop_after(polls, stage.store().settle_and_claim(&settlements, &claim));
        let mut executions = answer.map(|(_, executions)| executions).unwrap_or_default();
        for _ in 0..CLAIMS {
            executions.extend(stage.claim(100).await);
        }
        assert_eq!(ids(&executions), ids_of(&jobs), "dropped after {polls} polls");
        let _settled = stage.settle_all(&settlements).await;
        for execution in executions {
            stage.applied(execution, KEEP).await;
        }
    }
}

/// So is what a claim took that was done, and dropped before its answer was read. Cancel safe.
pub async fn what_a_claim_took_whose_answer_nobody_read_is_given_again(stage: Stage) {
    let jobs = stage.jobs(BATCH);
    let _stored = stage.enqueue(&jobs).await;
    let claim = Claim::all(ONE, 100);
    let mut call = stage.store().claim(&claim);
    let mut executions = match call.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.expect("the store answers"),
        Poll::Pending => Vec::new(),
    };
    for _ in 0..LOOKS {
        let Some(inspect) = stage.inspect() else { break };
        if inspect.counts().await.expect("the store counts").of(State::Claimed) > 0 {
            break;
        }
    }
    drop(call);
    for _ in 0..CLAIMS {
        executions.extend(stage.claim(100).await);
    }
    assert_eq!(ids(&executions), ids_of(&jobs), "what nobody read is given again");
    assert!(executions.iter().all(|execution| execution.attempt == 1), "no attempt is counted");
}

async fn give_back(stage: &Stage, executions: Vec<Execution>) {
    for execution in executions {
        stage.applied(execution, Decision::Release).await;
    }
}

/// A dropped settle has written all settlements or none. Cancel safe.
pub async fn a_dropped_settle_is_written_whole_or_not_at_all(stage: Stage) {
    for polls in POLLS {
        let batch = held(&stage).await;
        let _answer = drop_after(polls, stage.store().settle(&batch));
        all_settled(&stage, &batch, polls, "a settle").await;
    }
}

/// So has a dropped settle with a claim. Cancel safe.
pub async fn a_dropped_settle_and_claim_settles_all_or_nothing(stage: Stage) {
    for polls in POLLS {
        let batch = held(&stage).await;
        let _answer = drop_after(polls, stage.store().settle_and_claim(&batch, &Claim::all(ONE, 100)));
        all_settled(&stage, &batch, polls, "a settle with a claim").await;
    }
}

async fn held(stage: &Stage) -> Vec<Settlement> {
    let _stored = stage.enqueue(&stage.jobs(BATCH)).await;
    stage.claim(BATCH).await.into_iter().map(|execution| execution.settle(KEEP)).collect()
}

/// Repeats what was dropped, and looks whether it was written as a whole.
async fn all_settled(stage: &Stage, batch: &[Settlement], polls: usize, call: &str) {
    let answers = stage.settle_all(batch).await;
    whole_or_nothing(answers.iter().filter(|answer| **answer == Settled::Applied).count(), polls, call);
    for settlement in batch {
        stage.is(settlement.token.job, State::Finished, "it is written, then or now").await;
    }
}

/// A dropped stop gives back all jobs or none. Cancel safe.
pub async fn a_dropped_stop_gives_back_all_or_nothing(stage: Stage) {
    let jobs = stage.jobs(BATCH);
    let _stored = stage.enqueue(&jobs).await;
    for polls in POLLS {
        assert_eq!(stage.claim(100).await.len(), BATCH, "all are held");
        let mut process = Process::new(ONE, "worker", "host", 7);
        process.phase = Phase::Stopped;
        let _answer = drop_after(polls, stage.store().heartbeat(&process));
        let ready = stage.claim_as(TWO, 100).await;
        whole_or_nothing(ready.len(), polls, "a stop");
        for process in [ONE, TWO] {
            let _pulse = stage.beat_in(process, Phase::Stopped).await;
        }
    }
    assert_eq!(stage.claim_one().await.attempt, 1, "no attempt is counted");
}

/// A dropped recovery counts each crash once. Cancel safe.
pub async fn a_dropped_recovery_counts_each_crash_once(stage: Stage) {
    for polls in POLLS {
        let _stored = stage.enqueue(&stage.jobs(BATCH)).await;
        let _pulse = stage.beat(ONE).await;
        let held = ids(&stage.claim(BATCH).await);
        stage.advance(SILENCE + secs(1));
        let recovery = Recovery::new(SILENCE, CRASH_LIMIT);
        let _answer = drop_after(polls, stage.store().recover(&recovery));
        whole_or_nothing(stage.recover().await.ready.len(), polls, "a recovery");
        for id in held {
            stage.shows(id, "one crash", |record| (record.crashes, record.state) == (1, State::Ready)).await;
        }
        for execution in stage.claim_as(TWO, 100).await {
            assert_eq!(execution.attempt, 2, "one attempt was lost");
            stage.applied(execution, KEEP).await;
        }
    }
}
