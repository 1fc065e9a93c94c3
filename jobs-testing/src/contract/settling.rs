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
    let settlements: Vec<_> = tokens.iter().map(|token| Settlement { token: *token, decision: KEEP }).collect();
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
