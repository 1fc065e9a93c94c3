//! What became of an execution is written.

use std::time::Duration;

use jobs_core::{Decision, JobRecord, Settled, Settlement, State};

use crate::contract::fixture::{FINISH, KEEP, TWO, fail, failure, ids, retry_in, secs};
use crate::contract::{Fixture, Requirement};

/// A finished job that is not to be kept is forgotten.
pub async fn a_finished_job_is_deleted_unless_kept(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, FINISH).await;
    assert!(fixture.find(id).await.is_none(), "a finished job is forgotten altogether");
}

/// A finished job that is to be kept stays visible.
pub async fn a_finished_job_is_kept_on_request(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let (id, now) = (execution.id(), fixture.now());
    fixture.applied(execution, KEEP).await;
    fixture
        .shows(id, "a kept job is finished, held by no process, and done now", |record| {
            record.state == State::Finished && record.claimed_by.is_none() && record.done_at == Some(now)
        })
        .await;
    assert!(fixture.claim(10).await.is_empty(), "a finished job does not run again");
}

/// A retry waits by the store's clock.
pub async fn a_retry_waits_by_the_stores_clock(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.advance(secs(5));
    fixture.applied(execution, retry_in(secs(30))).await;
    fixture.is(id, State::Scheduled, "a job to be retried is scheduled").await;
    fixture.advance(secs(29));
    assert_eq!(fixture.dispatch(10).await.ready, 0, "the wait counts from the settlement");
    fixture.advance(secs(1));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "and is over at its end");
    assert_eq!(ids(&fixture.claim(10).await), [id], "then it runs again");
}

/// A retry without a wait still goes through a dispatch.
pub async fn a_retry_without_wait_is_scheduled_and_due_now(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, retry_in(Duration::ZERO)).await;
    fixture.is(id, State::Scheduled, "a retry is scheduled, however short its wait").await;
    assert!(fixture.claim(10).await.is_empty(), "it is not ready yet");
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due at once");
}

/// A failed job stays until someone acts.
pub async fn a_failed_job_is_kept(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, fail()).await;
    fixture.advance(secs(1_000_000));
    assert_eq!(fixture.dispatch(10).await.ready, 0, "a failed job is never due");
    assert!(fixture.claim(10).await.is_empty(), "a failed job does not run again by itself");
    fixture.is(id, State::Failed, "it is kept as failed").await;
}

/// A discarded job is kept like a finished one.
pub async fn a_discarded_job_is_kept_and_does_not_run(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let (id, now) = (execution.id(), fixture.now());
    fixture.applied(execution, Decision::Discard { error: Some(failure("not wanted")) }).await;
    assert!(fixture.claim(10).await.is_empty(), "a discarded job does not run");
    fixture
        .shows(id, "it is discarded now, with its error", |record| {
            record.state == State::Discarded && record.done_at == Some(now) && record.errors.len() == 1
        })
        .await;
}

/// A released job is ready at once.
pub async fn a_released_job_is_ready_without_a_counted_attempt(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, Decision::Release).await;
    let again = fixture.claim_one().await;
    assert_eq!((again.id(), again.attempt), (id, 1), "a released job is ready, and its attempt was not counted");
}

/// A settlement of a batch that is stale does not keep the others from being written.
pub async fn a_stale_settlement_does_not_stop_the_others(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(3)).await;
    let mut tokens: Vec<_> = fixture.claim(3).await.into_iter().map(|execution| execution.token).collect();
    if fixture.meets(Requirement::Fencing) {
        tokens[1].claim += 1;
    } else {
        tokens[1].process = TWO;
    }
    let settlements: Vec<_> = tokens.iter().map(|token| Settlement::new(*token, KEEP)).collect();
    let settled = fixture.settle_all(&settlements).await;
    assert_eq!(settled, [Settled::Applied, Settled::Stale, Settled::Applied], "answers in order, one stale");
    fixture.is(tokens[0].job, State::Finished, "the first is written").await;
    fixture.is(tokens[1].job, State::Claimed, "the stale one is not touched").await;
    fixture.is(tokens[2].job, State::Finished, "the last is written").await;
}

/// No settlement, no answer.
pub async fn an_empty_batch_settles_nothing(fixture: Fixture) {
    assert!(fixture.settle_all(&[]).await.is_empty(), "no settlement, no answer");
}

/// A retried attempt is counted.
pub async fn a_retried_attempt_is_counted(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.applied(execution, retry_in(secs(1))).await;
    fixture.shows(id, "it began and counts", |record| record.attempts == 1 && record.done_at.is_none()).await;
}

/// A retry that names no queue and no priority leaves them.
pub async fn a_retry_keeps_queue_and_priority_unless_changed(fixture: Fixture) {
    fixture.put(fixture.job_with(|job| (job.queue, job.priority) = ("mail".to_owned(), 6))).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, retry_in(Duration::ZERO)).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due");
    let again = fixture.claim_one().await;
    assert_eq!((again.queue.as_str(), again.priority), ("mail", 6), "they are as they were");
}

/// Each of a batch is written as decided.
pub async fn a_batch_of_different_decisions_is_written(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(6)).await;
    let held = fixture.claim(6).await;
    let put_off = Decision::Continue { wait: secs(1), meta: None };
    let discard = Decision::Discard { error: None };
    let decisions = [KEEP, retry_in(secs(1)), put_off, fail(), discard, Decision::Release];
    let states = [State::Finished, State::Scheduled, State::Scheduled, State::Failed, State::Discarded, State::Ready];
    let jobs = ids(&held);
    let settlements: Vec<_> = held.into_iter().zip(decisions).map(|(one, decision)| one.settle(decision)).collect();
    assert_eq!(fixture.settle_all(&settlements).await, [Settled::Applied; 6], "all tokens hold");
    for (id, state) in jobs.into_iter().zip(states) {
        fixture.is(id, state, "each is what was decided").await;
        let is_free = |record: &JobRecord| record.claimed_by.is_none();
        if state.is_done() {
            fixture.shows_done(id, "no process holds it", is_free).await;
        } else {
            fixture.shows(id, "no process holds it", is_free).await;
        }
    }
}

/// The longest wait does not overflow.
pub async fn the_longest_wait_does_not_overflow(fixture: Fixture) {
    for decision in [retry_in(Duration::MAX), Decision::Continue { wait: Duration::MAX, meta: None }] {
        let execution = fixture.claimed().await;
        fixture.applied(execution, decision).await;
        fixture.advance(secs(1_000_000));
        let dispatched = fixture.dispatch(10).await;
        assert_eq!(dispatched.ready, 0, "it is not due");
        assert!(dispatched.next_in > Some(secs(1_000_000_000)), "not for ages");
    }
}

/// Another handle settles what this one claimed.
pub async fn a_token_is_valid_through_any_handle(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    let other = fixture.another().await;
    let settled = other.settle(&[execution.settle(KEEP)]).await.expect("the other handle settles");
    assert_eq!(settled, [Settled::Applied], "the token is the right, not the handle");
    fixture.is(id, State::Finished, "and it is written").await;
}
