//! A job that puts itself off goes on later.

use std::time::Duration;

use jobs_core::{Decision, Execution, State};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, KEEP, failure, just_under, retry_in, secs};

fn put_off(wait: Duration) -> Decision {
    Decision::Continue { wait, meta: None }
}

/// Dispatches and claims what must be due.
async fn go_on(stage: &Stage) -> Execution {
    assert_eq!(stage.dispatch(10).await.ready, 1, "it is due");
    stage.claim_one().await
}

/// A continue counts no attempt, however often.
pub async fn a_continue_counts_no_attempt(stage: Stage) {
    let mut execution = stage.claimed().await;
    let mut last = execution.token.claim;
    for _ in 0..4 {
        stage.applied(execution, put_off(Duration::ZERO)).await;
        execution = go_on(&stage).await;
        assert_eq!(execution.attempt, 1, "an attempt that was put off is not counted");
        assert!(execution.token.claim > last, "but each claim is another");
        last = execution.token.claim;
    }
    stage.applied(execution, FINISH).await;
}

/// A continue takes back only its own attempt.
pub async fn a_continue_takes_back_only_its_own_attempt(stage: Stage) {
    let first = stage.claimed().await;
    let id = first.id();
    stage.applied(first, retry_in(Duration::ZERO)).await;
    let second = go_on(&stage).await;
    stage.applied(second, put_off(Duration::ZERO)).await;
    stage.shows(id, "the first attempt stays counted", |record| record.attempts == 1).await;
    let third = go_on(&stage).await;
    assert_eq!(third.attempt, 2, "the second attempt begins again");
}

/// A continue waits by the store's clock.
pub async fn a_continue_waits_by_the_stores_clock(stage: Stage) {
    let execution = stage.claimed().await;
    let id = execution.id();
    stage.advance(secs(100));
    let due = stage.now().after(secs(30));
    stage.applied(execution, put_off(secs(30))).await;
    stage.is(id, State::Scheduled, "it is scheduled").await;
    stage.shows(id, "the wait counts from now", |record| record.due_at == due).await;
    stage.advance(just_under(secs(30)));
    assert_eq!(stage.dispatch(10).await.ready, 0, "not a microsecond early");
    stage.advance(Duration::from_micros(1));
    go_on(&stage).await;
}

/// A continue adds no error and keeps those there are.
pub async fn a_continue_adds_no_error_and_keeps_those_there_are(stage: Stage) {
    let first = stage.claimed().await;
    let id = first.id();
    stage.applied(first, retry_in(Duration::ZERO)).await;
    let second = go_on(&stage).await;
    stage.applied(second, put_off(Duration::ZERO)).await;
    stage.shows(id, "the one error of the retry", |record| record.errors == [failure("no luck")]).await;
}

/// A continue keeps queue, priority and arguments.
pub async fn a_continue_keeps_what_the_job_is(stage: Stage) {
    let job = stage.job_with(|job| (job.queue, job.priority) = ("imports".to_owned(), 4));
    stage.put(job.clone()).await;
    let execution = stage.claim_one().await;
    stage.applied(execution, put_off(Duration::ZERO)).await;
    let again = go_on(&stage).await;
    assert_eq!((again.queue, again.priority, again.arguments), (job.queue, 4, job.arguments), "nothing else changes");
}

/// Crashes are kept over a continue.
pub async fn crashes_are_kept_over_a_continue(stage: Stage) {
    let id = stage.claimed().await.id();
    assert_eq!(stage.recover().await.ready, [id], "nobody knows its process");
    let second = stage.claim_one().await;
    stage.applied(second, put_off(Duration::ZERO)).await;
    stage.shows(id, "the crash stays counted, and so its attempt", |it| (it.crashes, it.attempts) == (1, 1)).await;
    let third = go_on(&stage).await;
    stage.applied(third, KEEP).await;
    stage.shows(id, "also when it is finished", |it| (it.crashes, it.attempts) == (1, 2)).await;
}
