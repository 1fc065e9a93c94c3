//! Jobs go in.

use std::time::Duration;

use jobs_core::{Claim, Due, Enqueued, State, Timestamp};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, KEEP, ONE, fail, ids, ids_of, retry_in, secs};

/// A job due now can be claimed at once.
pub async fn a_job_due_now_can_be_claimed_at_once(stage: Stage) {
    let id = stage.put_one().await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due now is ready without a dispatch");
}

/// A job due later waits for its time.
pub async fn a_job_due_later_is_not_claimed(stage: Stage) {
    let id = stage.put_later(secs(60)).await;
    stage.is(id, State::Scheduled, "a job due later is scheduled").await;
    assert!(stage.claim(10).await.is_empty(), "a job due later is not ready");
}

/// A point in the past means at once.
pub async fn a_past_point_means_at_once(stage: Stage) {
    let past = stage.now().before(secs(3600));
    let id = stage.put(stage.job_with(|job| job.due = Due::At(past))).await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due at a past point is ready");
}

/// No wait means at once.
pub async fn no_wait_means_at_once(stage: Stage) {
    let id = stage.put_later(Duration::ZERO).await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due in no time is ready");
}

/// This very moment means at once.
pub async fn this_very_moment_means_at_once(stage: Stage) {
    let now = stage.now();
    let id = stage.put(stage.job_with(|job| job.due = Due::At(now))).await;
    assert_eq!(ids(&stage.claim(10).await), [id], "a job due at this moment is ready");
}

/// The answers stand in the order of the jobs.
pub async fn the_answers_stand_in_the_order_of_the_jobs(stage: Stage) {
    let mut jobs = stage.jobs(20);
    jobs.reverse();
    let expected: Vec<_> = jobs.iter().map(|job| Enqueued::New(job.id)).collect();
    assert_eq!(stage.enqueue(&jobs).await, expected, "answers stand in the order of the jobs, not of their ids");
}

/// An empty batch is answered with nothing.
pub async fn an_empty_batch_stores_nothing(stage: Stage) {
    assert!(stage.enqueue(&[]).await.is_empty(), "no job, no answer");
    assert!(stage.claim(10).await.is_empty(), "nothing was stored");
}

/// A repeated enqueue stores nothing twice.
pub async fn a_repeated_enqueue_stores_nothing_twice(stage: Stage) {
    let jobs = stage.jobs(3);
    let first = stage.enqueue(&jobs).await;
    assert_eq!(stage.enqueue(&jobs).await, first, "a repeated enqueue is answered as the first was");
    assert_eq!(ids(&stage.claim(10).await), ids_of(&jobs), "each job is there once");
}

/// A repeated batch with one more job stores only that one.
pub async fn a_batch_that_is_stored_in_part_is_completed(stage: Stage) {
    let jobs = stage.jobs(4);
    let _first = stage.enqueue(&jobs[1..3]).await;
    assert_eq!(stage.enqueue(&jobs).await.len(), 4, "all are answered");
    let mut claimed = ids(&stage.claim(10).await);
    claimed.sort();
    assert_eq!(claimed, ids_of(&jobs), "each job is there once");
}

/// A job that stands twice in one batch is stored once.
pub async fn a_job_twice_in_one_batch_is_stored_once(stage: Stage) {
    let job = stage.job();
    let answers = stage.enqueue(&[job.clone(), job.clone()]).await;
    assert_eq!(answers, [Enqueued::New(job.id), Enqueued::New(job.id)], "both are answered with the one id");
    assert_eq!(stage.claim(10).await.len(), 1, "it is there once");
}

/// A repeated enqueue leaves a claimed job to its holder.
pub async fn a_repeated_enqueue_leaves_a_claimed_job_to_its_holder(stage: Stage) {
    let job = stage.job();
    stage.put(job.clone()).await;
    let execution = stage.claim_one().await;
    stage.put(job).await;
    assert!(stage.claim(10).await.is_empty(), "a claimed job does not become ready by a repeated enqueue");
    stage.applied(execution, FINISH).await;
}

/// A repeated enqueue leaves what became of a job.
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

/// A repeated enqueue with other contents changes nothing.
pub async fn a_repeated_enqueue_changes_no_contents(stage: Stage) {
    let job = stage.job();
    stage.put(job.clone()).await;
    let mut other = job.clone();
    "{}".clone_into(&mut other.arguments);
    "other".clone_into(&mut other.queue);
    other.priority = 9;
    stage.put(other).await;
    let execution = stage.claim_one().await;
    assert_eq!(execution.arguments, job.arguments, "the first arguments stay");
    assert_eq!((execution.queue, execution.priority), (job.queue, job.priority), "queue and priority stay");
}

/// The earliest and the latest point there are can be asked for.
pub async fn the_extremes_of_time_do_not_overflow(stage: Stage) {
    let never = stage.put_later(Duration::MAX).await;
    let latest = Timestamp::from_micros(i64::MAX);
    let last = stage.put(stage.job_with(|job| job.due = Due::At(latest))).await;
    let earliest = Timestamp::from_micros(i64::MIN);
    let first = stage.put(stage.job_with(|job| job.due = Due::At(earliest))).await;
    assert_eq!(stage.dispatch(10).await.ready, 0, "none of the scheduled jobs is due");
    assert_eq!(ids(&stage.claim(10).await), [first], "the earliest point is past");
    for id in [never, last] {
        stage.is(id, State::Scheduled, "it waits for ages").await;
    }
}

/// One batch may hold jobs of all kinds.
pub async fn a_batch_may_hold_ready_and_scheduled_jobs(stage: Stage) {
    let mut jobs = stage.jobs(6);
    for job in jobs.iter_mut().step_by(2) {
        (job.due, job.queue) = (Due::In(secs(60)), "later".to_owned());
    }
    assert_eq!(stage.enqueue(&jobs).await.len(), 6, "each is answered");
    let now: Vec<_> = jobs.iter().skip(1).step_by(2).map(|job| job.id).collect();
    assert_eq!(ids(&stage.claim(10).await), now, "those due now are ready");
    stage.advance(secs(60));
    assert_eq!(stage.dispatch(10).await.ready, 3, "the others when they are due");
}

/// Another handle sees what this one stored.
pub async fn another_handle_sees_what_was_stored(stage: Stage) {
    let id = stage.put_one().await;
    let other = stage.another().await;
    let claimed = other.claim(&Claim::all(ONE, 10)).await.expect("the other handle claims");
    assert_eq!(ids(&claimed), [id], "it is stored, not only known to the handle");
}
