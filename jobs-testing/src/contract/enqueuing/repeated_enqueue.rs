//! A repeated enqueue stores nothing twice and changes nothing.

use jobs_core::{Enqueued, State};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, KEEP, fail, ids, ids_of, retry_in, secs};

/// A repeated enqueue stores nothing twice.
pub async fn a_repeated_enqueue_stores_nothing_twice(fixture: Fixture) {
    let jobs = fixture.jobs(3);
    let first = fixture.enqueue(&jobs).await;
    assert_eq!(fixture.enqueue(&jobs).await, first, "a repeated enqueue is answered as the first was");
    assert_eq!(ids(&fixture.claim(10).await), ids_of(&jobs), "each job is there once");
}

/// A repeated batch with one more job stores only that one.
pub async fn a_partly_stored_batch_is_completed(fixture: Fixture) {
    let jobs = fixture.jobs(4);
    let _first = fixture.enqueue(&jobs[1..3]).await;
    assert_eq!(fixture.enqueue(&jobs).await.len(), 4, "all are answered");
    let mut claimed = ids(&fixture.claim(10).await);
    claimed.sort();
    assert_eq!(claimed, ids_of(&jobs), "each job is there once");
}

/// A job that stands twice in one batch is stored once.
pub async fn a_job_twice_in_one_batch_is_stored_once(fixture: Fixture) {
    let job = fixture.job();
    let answers = fixture.enqueue(&[job.clone(), job.clone()]).await;
    assert_eq!(answers, [Enqueued::New(job.id), Enqueued::New(job.id)], "both are answered with the one id");
    assert_eq!(fixture.claim(10).await.len(), 1, "it is there once");
}

/// A repeated enqueue leaves a claimed job to its holder.
pub async fn a_repeated_enqueue_leaves_a_claimed_job_to_its_holder(fixture: Fixture) {
    let job = fixture.job();
    fixture.put(job.clone()).await;
    let execution = fixture.claim_one().await;
    fixture.put(job).await;
    assert!(fixture.claim(10).await.is_empty(), "a claimed job does not become ready by a repeated enqueue");
    fixture.applied(execution, FINISH).await;
}

/// A repeated enqueue leaves a settled job as it is.
pub async fn a_repeated_enqueue_leaves_a_settled_job_unchanged(fixture: Fixture) {
    for (decision, state) in [(KEEP, State::Finished), (fail(), State::Failed), (retry_in(secs(60)), State::Scheduled)]
    {
        let job = fixture.job();
        fixture.put(job.clone()).await;
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
        fixture.put(job.clone()).await;
        fixture.is(job.id, state, "a repeated enqueue leaves a job as it is").await;
        assert!(fixture.claim(10).await.is_empty(), "a job that is {state} is not ready by a repeated enqueue");
    }
}

/// A repeated enqueue with other contents changes nothing.
pub async fn a_repeated_enqueue_does_not_change_the_job(fixture: Fixture) {
    let job = fixture.job();
    fixture.put(job.clone()).await;
    let mut other = job.clone();
    "{}".clone_into(&mut other.arguments);
    "other".clone_into(&mut other.queue);
    other.priority = 9;
    fixture.put(other).await;
    let execution = fixture.claim_one().await;
    assert_eq!(execution.arguments, job.arguments, "the first arguments stay");
    assert_eq!((execution.queue, execution.priority), (job.queue, job.priority), "queue and priority stay");
}

/// Two enqueues of the same batch, through two handles, are one.
pub async fn a_batch_enqueued_through_two_handles_is_stored_once(fixture: Fixture) {
    let jobs = fixture.jobs(5);
    let other = fixture.another().await;
    let first = fixture.enqueue(&jobs).await;
    assert_eq!(other.enqueue(&jobs).await.expect("the other handle enqueues"), first, "the answer is the same");
    assert_eq!(ids(&fixture.claim(10).await), ids_of(&jobs), "each job is there once");
}
