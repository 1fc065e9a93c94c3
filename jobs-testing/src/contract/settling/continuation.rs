//! A job that puts itself off goes on later.

use std::collections::BTreeSet;
use std::time::Duration;

use jobs_core::{Decision, Execution, State};

use crate::contract::fixture::{FINISH, KEEP, failure, just_under, retry_in, secs};
use crate::contract::{Fixture, Requirement};

fn put_off(wait: Duration) -> Decision {
    Decision::Continue { wait, meta: None }
}

/// Dispatches and claims what must be due.
async fn go_on(fixture: &Fixture) -> Execution {
    assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due");
    fixture.claim_one().await
}

/// A continue counts no attempt, however often.
pub async fn a_continuation_counts_no_attempt(fixture: Fixture) {
    let mut execution = fixture.claimed().await;
    let mut numbers = BTreeSet::from([execution.token.claim]);
    for _ in 0..4 {
        fixture.applied(execution, put_off(Duration::ZERO)).await;
        execution = go_on(&fixture).await;
        assert_eq!(execution.attempt, 1, "an attempt that was put off is not counted");
        let is_new = numbers.insert(execution.token.claim);
        assert!(is_new || !fixture.meets(Requirement::Fencing), "but each claim is another");
    }
    fixture.applied(execution, FINISH).await;
}

/// A continue takes back only its own attempt.
pub async fn a_continuation_uncounts_only_its_own_attempt(fixture: Fixture) {
    let first = fixture.claimed().await;
    let id = first.id();
    fixture.applied(first, retry_in(Duration::ZERO)).await;
    let second = go_on(&fixture).await;
    fixture.applied(second, put_off(Duration::ZERO)).await;
    fixture.shows(id, "the first attempt stays counted", |record| record.attempts == 1).await;
    let third = go_on(&fixture).await;
    assert_eq!(third.attempt, 2, "the second attempt begins again");
}

/// A continue waits by the store's clock.
pub async fn a_continuation_waits_by_the_stores_clock(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    fixture.advance(secs(100));
    let due = fixture.now() + secs(30);
    fixture.applied(execution, put_off(secs(30))).await;
    fixture.is(id, State::Scheduled, "it is scheduled").await;
    fixture.shows(id, "the wait counts from now", |record| record.due_at == due).await;
    fixture.advance(just_under(secs(30)));
    assert_eq!(fixture.dispatch(10).await.ready, 0, "not a microsecond early");
    fixture.advance(Duration::from_micros(1));
    go_on(&fixture).await;
}

/// A continue adds no error and keeps those there are.
pub async fn a_continuation_keeps_the_errors_and_adds_none(fixture: Fixture) {
    let first = fixture.claimed().await;
    let id = first.id();
    fixture.applied(first, retry_in(Duration::ZERO)).await;
    let second = go_on(&fixture).await;
    fixture.applied(second, put_off(Duration::ZERO)).await;
    fixture.shows(id, "the one error of the retry", |record| record.errors == [failure("no luck")]).await;
}

/// A continue keeps queue, priority and arguments.
pub async fn a_continuation_keeps_the_job_unchanged(fixture: Fixture) {
    let job = fixture.job_with(|job| (job.queue, job.priority) = ("imports".to_owned(), 4));
    fixture.put(job.clone()).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, put_off(Duration::ZERO)).await;
    let again = go_on(&fixture).await;
    assert_eq!((again.queue, again.priority, again.arguments), (job.queue, 4, job.arguments), "nothing else changes");
}

/// Crashes are kept over a continue.
pub async fn a_continuation_keeps_the_crash_count(fixture: Fixture) {
    let id = fixture.claimed().await.id();
    assert_eq!(fixture.recover().await.ready, [id], "its process is unknown");
    let second = fixture.claim_one().await;
    fixture.applied(second, put_off(Duration::ZERO)).await;
    fixture.shows(id, "the crash stays counted, and so its attempt", |it| (it.crashes, it.attempts) == (1, 1)).await;
    let third = go_on(&fixture).await;
    fixture.applied(third, KEEP).await;
    fixture.shows(id, "also when it is finished", |it| (it.crashes, it.attempts) == (1, 2)).await;
}
