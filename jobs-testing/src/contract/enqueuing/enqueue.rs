//! Jobs are stored.

use std::time::Duration;

use jobs_core::{Claim, Due, Enqueued, NewJob, State, Timestamp};

use crate::contract::Fixture;
use crate::contract::fixture::{ONE, ids, secs};

/// A job due now can be claimed at once.
pub async fn a_job_due_now_can_be_claimed_at_once(fixture: Fixture) {
    let id = fixture.put_one().await;
    assert_eq!(ids(&fixture.claim(10).await), [id], "a job due now is ready without a dispatch");
}

/// A job due later waits for its time.
pub async fn a_job_due_later_is_not_claimed(fixture: Fixture) {
    let id = fixture.put_later(secs(60)).await;
    fixture.is(id, State::Scheduled, "a job due later is scheduled").await;
    assert!(fixture.claim(10).await.is_empty(), "a job due later is not ready");
}

/// A due time in the past means now.
pub async fn a_due_time_in_the_past_means_now(fixture: Fixture) {
    let past = fixture.now() - secs(3600);
    let id = fixture.put(fixture.job_with(|job| job.due = Due::At(past))).await;
    assert_eq!(ids(&fixture.claim(10).await), [id], "a job due at a past point is ready");
}

/// A wait of zero means now.
pub async fn a_wait_of_zero_means_now(fixture: Fixture) {
    let id = fixture.put_later(Duration::ZERO).await;
    assert_eq!(ids(&fixture.claim(10).await), [id], "a job due in no time is ready");
}

/// The current moment means now.
pub async fn the_current_moment_means_now(fixture: Fixture) {
    let now = fixture.now();
    let id = fixture.put(fixture.job_with(|job| job.due = Due::At(now))).await;
    assert_eq!(ids(&fixture.claim(10).await), [id], "a job due at this moment is ready");
}

/// The answers are in the order of the jobs.
pub async fn answers_are_in_the_order_of_the_jobs(fixture: Fixture) {
    let mut jobs = fixture.jobs(20);
    jobs.reverse();
    let expected: Vec<_> = jobs.iter().map(|job| Enqueued::New(job.id)).collect();
    assert_eq!(fixture.enqueue(&jobs).await, expected, "answers stand in the order of the jobs, not of their ids");
}

/// An empty batch is answered with nothing.
pub async fn an_empty_batch_stores_nothing(fixture: Fixture) {
    assert!(fixture.enqueue(&[]).await.is_empty(), "no job, no answer");
    assert!(fixture.claim(10).await.is_empty(), "nothing was stored");
}

/// The earliest and the latest points of time do not overflow.
pub async fn the_extremes_of_time_do_not_overflow(fixture: Fixture) {
    let never = fixture.put_later(Duration::MAX).await;
    let latest = Timestamp::from_micros(i64::MAX);
    let last = fixture.put(fixture.job_with(|job| job.due = Due::At(latest))).await;
    let earliest = Timestamp::from_micros(i64::MIN);
    let first = fixture.put(fixture.job_with(|job| job.due = Due::At(earliest))).await;
    assert_eq!(fixture.dispatch(10).await.ready, 0, "none of the scheduled jobs is due");
    assert_eq!(ids(&fixture.claim(10).await), [first], "the earliest point is past");
    for id in [never, last] {
        fixture.is(id, State::Scheduled, "it waits for ages").await;
    }
}

/// One batch may hold jobs of all kinds.
pub async fn a_batch_may_hold_ready_and_scheduled_jobs(fixture: Fixture) {
    let mut jobs = fixture.jobs(6);
    for job in jobs.iter_mut().step_by(2) {
        (job.due, job.queue) = (Due::In(secs(60)), "later".to_owned());
    }
    assert_eq!(fixture.enqueue(&jobs).await.len(), 6, "each is answered");
    let now: Vec<_> = jobs.iter().skip(1).step_by(2).map(|job| job.id).collect();
    assert_eq!(ids(&fixture.claim(10).await), now, "those due now are ready");
    fixture.advance(secs(60));
    assert_eq!(fixture.dispatch(10).await.ready, 3, "the others when they are due");
}

/// Another handle sees what this one stored.
pub async fn another_handle_sees_what_was_stored(fixture: Fixture) {
    let id = fixture.put_one().await;
    let other = fixture.another().await;
    let claimed = other.claim(&Claim::all(ONE, 10)).await.expect("the other handle claims");
    assert_eq!(ids(&claimed), [id], "it is stored, not only known to the handle");
}

/// A job whose queue or name is not valid is refused, and its batch with it.
pub async fn a_job_without_a_valid_name_or_queue_is_refused_with_its_batch(fixture: Fixture) {
    let queue = |queue: &str| fixture.job_with(|job| queue.clone_into(&mut job.queue));
    let long = "q".repeat(256);
    let mut wrong: Vec<NewJob> = ["", "two words", "*", "mail*", "a,b", "line\nbreak", &long].map(queue).into();
    wrong.push(fixture.job_with(|job| job.name.clear()));
    for job in wrong {
        let refused = fixture.store().enqueue(&[fixture.job(), job.clone(), fixture.job()]).await;
        let error = refused.expect_err("a job that is not valid is refused");
        assert!(error.is_invalid(), "the error says that it is invalid: {error}");
        assert!(error.to_string().contains(&job.id.to_string()), "the error names the job: {error}");
    }
    assert!(fixture.claim(100).await.is_empty(), "nothing of these batches is stored");
}
