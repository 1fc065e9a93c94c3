//! What became of an execution is written.

use std::time::Duration;

use jobs_core::{Decision, Settled, Settlement, State};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, KEEP, fail, failure, ids, retry_in, secs};

/// A finished job that is not to be kept is forgotten. Cancel safe.
pub async fn a_finished_job_is_forgotten_unless_it_is_to_be_kept(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, FINISH).await;
    assert!(stage.find(id).await.is_none(), "a finished job is forgotten altogether");
}

/// A finished job that is to be kept stays visible. Cancel safe.
pub async fn a_finished_job_is_kept_if_so_decided(stage: Stage) {
    let execution = stage.claimed().await;
    let (id, now) = (execution.id(), stage.now());
    stage.applied(execution, KEEP).await;
    stage
        .shows(id, "a kept job is finished, held by nobody, and done now", |record| {
            record.state == State::Finished && record.claimed_by.is_none() && record.done_at == Some(now)
        })
        .await;
    assert!(stage.claim(10).await.is_empty(), "a finished job does not run again");
}

/// A retry waits by the store's clock. Cancel safe.
pub async fn a_retry_waits_by_the_stores_clock(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.advance(secs(5));
    stage.applied(execution, retry_in(secs(30))).await;
    stage.is(id, State::Scheduled, "a job to be retried is scheduled").await;
    stage.advance(secs(29));
    assert_eq!(stage.dispatch(10).await.ready, 0, "the wait counts from the settlement");
    stage.advance(secs(1));
    assert_eq!(stage.dispatch(10).await.ready, 1, "and is over at its end");
    assert_eq!(ids(&stage.claim(10).await), [id], "then it runs again");
}

/// A retry without a wait still goes through a dispatch. Cancel safe.
pub async fn a_retry_without_wait_is_scheduled_and_due_now(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, retry_in(Duration::ZERO)).await;
    stage.is(id, State::Scheduled, "a retry is scheduled, however short its wait").await;
    assert!(stage.claim(10).await.is_empty(), "it is not ready yet");
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due at once");
}

/// A failed job stays until someone acts. Cancel safe.
pub async fn a_failed_job_is_kept(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, fail()).await;
    stage.advance(secs(1_000_000));
    assert_eq!(stage.dispatch(10).await.ready, 0, "a failed job is never due");
    assert!(stage.claim(10).await.is_empty(), "a failed job does not run again by itself");
    stage.is(id, State::Failed, "it is kept as failed").await;
}

/// A discarded job is kept like a finished one. Cancel safe.
pub async fn a_discarded_job_is_kept_and_does_not_run(stage: Stage) {
    let execution = stage.claimed().await;
    let (id, now) = (execution.id(), stage.now());
    stage.applied(execution, Decision::Discard { error: Some(failure("not wanted")) }).await;
    assert!(stage.claim(10).await.is_empty(), "a discarded job does not run");
    stage
        .shows(id, "it is discarded now, with its error", |record| {
            record.state == State::Discarded && record.done_at == Some(now) && record.errors.len() == 1
        })
        .await;
}

/// A released job is ready at once. Cancel safe.
pub async fn a_released_job_is_ready_without_a_counted_attempt(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, Decision::Release).await;
    let again = stage.claim_one().await;
    assert_eq!((again.id(), again.attempt), (id, 1), "a released job is ready, and its attempt was not counted");
}

/// A settlement of a batch that is stale does not keep the others from being written. Cancel safe.
pub async fn a_stale_settlement_does_not_stop_the_others(stage: Stage) {
    let _stored = stage.enqueue(&stage.jobs(3)).await;
    let mut tokens: Vec<_> = stage.claim(3).await.into_iter().map(|execution| execution.token).collect();
    tokens[1].claim += 1;
    let settlements: Vec<_> = tokens.iter().map(|token| Settlement::new(*token, KEEP)).collect();
    let settled = stage.settle_all(&settlements).await;
    assert_eq!(settled, [Settled::Applied, Settled::Stale, Settled::Applied], "answers in order, one stale");
    stage.is(tokens[0].job, State::Finished, "the first is written").await;
    stage.is(tokens[1].job, State::Claimed, "the stale one is not touched").await;
    stage.is(tokens[2].job, State::Finished, "the last is written").await;
}

/// No settlement, no answer. Cancel safe.
pub async fn an_empty_batch_settles_nothing(stage: Stage) {
    assert!(stage.settle_all(&[]).await.is_empty(), "no settlement, no answer");
}

/// A retried attempt is counted. Cancel safe.
pub async fn a_retried_attempt_is_counted(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.applied(execution, retry_in(secs(1))).await;
    stage.shows(id, "it began and counts", |record| record.attempts == 1 && record.done_at.is_none()).await;
}

/// A retry that names no queue and no priority leaves them. Cancel safe.
pub async fn a_retry_leaves_queue_and_priority_unless_told(stage: Stage) {
    stage.put(stage.job_with(|job| (job.queue, job.priority) = ("mail".to_owned(), 6))).await;
    let execution = stage.claim_one().await;
    stage.applied(execution, retry_in(Duration::ZERO)).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due");
    let again = stage.claim_one().await;
    assert_eq!((again.queue.as_str(), again.priority), ("mail", 6), "they are as they were");
}

/// Each of a batch is written as decided. Cancel safe.
pub async fn a_batch_of_different_decisions_is_written(stage: Stage) {
    let _stored = stage.enqueue(&stage.jobs(6)).await;
    let held = stage.claim(6).await;
    let put_off = Decision::Continue { wait: secs(1), meta: None };
    let discard = Decision::Discard { error: None };
    let decisions = [KEEP, retry_in(secs(1)), put_off, fail(), discard, Decision::Release];
    let states = [State::Finished, State::Scheduled, State::Scheduled, State::Failed, State::Discarded, State::Ready];
    let jobs = ids(&held);
    let settlements: Vec<_> = held.into_iter().zip(decisions).map(|(one, decision)| one.settle(decision)).collect();
    assert_eq!(stage.settle_all(&settlements).await, [Settled::Applied; 6], "all tokens hold");
    for (id, state) in jobs.into_iter().zip(states) {
        stage.is(id, state, "each is what was decided").await;
        stage.shows(id, "nobody holds it", |record| record.claimed_by.is_none()).await;
    }
}

/// The longest wait does not overflow. Cancel safe.
pub async fn the_longest_wait_does_not_overflow(stage: Stage) {
    for decision in [retry_in(Duration::MAX), Decision::Continue { wait: Duration::MAX, meta: None }] {
        let execution = stage.claimed().await;
        stage.applied(execution, decision).await;
        stage.advance(secs(1_000_000));
        let dispatched = stage.dispatch(10).await;
        assert_eq!(dispatched.ready, 0, "it is not due");
        assert!(dispatched.next_in > Some(secs(1_000_000_000)), "not for ages");
    }
}

/// Another handle settles what this one claimed. Cancel safe.
pub async fn a_token_holds_through_any_handle(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    let other = stage.another().await;
    let settled = other.settle(&[execution.settle(KEEP)]).await.expect("the other handle settles");
    assert_eq!(settled, [Settled::Applied], "the token is the right, not the handle");
    stage.is(id, State::Finished, "and it is written").await;
}
