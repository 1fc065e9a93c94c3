//! Jobs go in.

use std::time::Duration;

use jobs_core::{Due, Enqueued, State};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, KEEP, fail, ids, ids_of, retry_in, secs};

/// A job due now can be claimed at once. Cancel safe.
pub async fn a_job_due_now_can_be_claimed_at_once(stage: Stage) {
    let id = stage.put_one().await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due now is ready without a dispatch");
}

/// A job due later waits for its time. Cancel safe.
pub async fn a_job_due_later_is_not_claimed(stage: Stage) {
    let id = stage.put_later(secs(60)).await;
    stage.is(id, State::Scheduled, "a job due later is scheduled").await;
    assert!(stage.claim(10).await.is_empty(), "a job due later is not ready");
}

/// A point in the past means at once. Cancel safe.
pub async fn a_past_point_means_at_once(stage: Stage) {
    let past = stage.now().before(secs(3600));
    let id = stage.put(stage.job_with(|job| job.due = Due::At(past))).await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due at a past point is ready");
}

/// No wait means at once. Cancel safe.
pub async fn no_wait_means_at_once(stage: Stage) {
    let id = stage.put_later(Duration::ZERO).await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due in no time is ready");
}

/// This very moment means at once. Cancel safe.
pub async fn this_very_moment_means_at_once(stage: Stage) {
    let now = stage.now();
    let id = stage.put(stage.job_with(|job| job.due = Due::At(now))).await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due at this moment is ready");
}

/// The answers stand in the order of the jobs. Cancel safe.
pub async fn the_answers_stand_in_the_order_of_the_jobs(stage: Stage) {
    let mut jobs = stage.jobs(20);
    jobs.reverse();
    let expected: Vec<_> = jobs.iter().map(|job| Enqueued::New(job.id)).collect();
    assert_eq!(stage.enqueue(&jobs).await, expected, "answers stand in the order of the jobs, not of their ids");
}

/// An empty batch is answered with nothing. Cancel safe.
pub async fn an_empty_batch_stores_nothing(stage: Stage) {
    assert!(stage.enqueue(&[]).await.is_empty(), "no job, no answer");
    assert!(stage.claim(10).await.is_empty(), "nothing was stored");
}

/// A repeated enqueue stores nothing twice. Cancel safe.
pub async fn a_repeated_enqueue_stores_nothing_twice(stage: Stage) {
    let jobs = stage.jobs(3);
    let first = stage.enqueue(&jobs).await;
    assert_eq!(stage.enqueue(&jobs).await, first, "a repeated enqueue is answered as the first was");
    assert_eq!(ids(&stage.claim(10).await), ids_of(&jobs), "each job is there once");
}

/// A repeated batch with one more job stores only that one. Cancel safe.
pub async fn a_batch_that_is_stored_in_part_is_completed(stage: Stage) {
    let jobs = stage.jobs(4);
    let _first = stage.enqueue(&jobs[1..3]).await;
    assert_eq!(stage.enqueue(&jobs).await.len(), 4, "all are answered");
    let mut claimed = ids(&stage.claim(10).await);
    claimed.sort();
    assert_eq!(claimed, ids_of(&jobs), "each job is there once");
}

/// A job that stands twice in one batch is stored once. Cancel safe.
pub async fn a_job_twice_in_one_batch_is_stored_once(stage: Stage) {
    let job = stage.job();
    let answers = stage.enqueue(&[job.clone(), job.clone()]).await;
    assert_eq!(answers, [Enqueued::New(job.id), Enqueued::New(job.id)], "both are answered with the one id");
    assert_eq!(stage.claim(10).await.len(), 1, "it is there once");
}

/// A repeated enqueue leaves a claimed job to its holder. Cancel safe.
pub async fn a_repeated_enqueue_leaves_a_claimed_job_to_its_holder(stage: Stage) {
    let job = stage.job();
    stage.put(job.clone()).await;
    let execution = stage.claim_one().await;
    stage.put(job).await;
    assert!(stage.claim(10).await.is_empty(), "a claimed job does not become ready by a repeated enqueue");
    stage.applied(execution, FINISH).await;
}

/// A repeated enqueue leaves what became of a job. Cancel safe.
pub async fn a_repeated_enqueue_leaves_what_became_of_a_job(stage: Stage) {
    for (decision, state) in [(KEEP, State::Finished), (fail(), State::Failed), (retry_in(secs(60)), State::Scheduled)]
    {
        let job = stage.job();
        stage.put(job.clone()).await;
        let execution = stage.claim_one().await;
        stage.applied(execution, decision).await;
        stage.put(job.clone()).await;
        stage.is(job.id, state, "a repeated enqueue leaves a job as it is").await;
        assert!(stage.claim(10).await.is_empty(), "a job that is {state} is not ready by a repeated enqueue");
    }
}

/// A repeated enqueue with other contents changes nothing. Cancel safe.
pub async fn a_repeated_enqueue_changes_no_contents(stage: Stage) {
    let job = stage.job();
    stage.put(job.clone()).await;
    let mut other = job.clone();
    other.arguments = "{}".to_owned();
    other.queue = "other".to_owned();
    other.priority = 9;
    stage.put(other).await;
    let execution = stage.claim_one().await;
    assert_eq!(execution.arguments, job.arguments, "the first arguments stay");
    assert_eq!((execution.queue, execution.priority), (job.queue, job.priority), "queue and priority stay");
}
