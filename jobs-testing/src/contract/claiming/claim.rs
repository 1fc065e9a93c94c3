//! Which ready jobs a claim takes.

use std::collections::BTreeSet;

use jobs_core::{Claim, Decision};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, ONE, TWO, ids, ids_of};

/// No job is given to two claims.
pub async fn no_job_is_given_to_two_claims(fixture: Fixture) {
    let jobs = fixture.jobs(10);
    let _stored = fixture.enqueue(&jobs).await;
    let first = ids(&fixture.claim_as(ONE, 6).await);
    let second = ids(&fixture.claim_as(TWO, 6).await);
    assert_eq!((first.len(), second.len()), (6, 4), "the second claim gets what the first left");
    let both: BTreeSet<_> = first.into_iter().chain(second).collect();
    assert_eq!(both.len(), 10, "no job is given to two claims");
    assert!(fixture.claim(10).await.is_empty(), "nothing is left");
}

/// A claim gives at most its limit.
pub async fn a_claim_gives_at_most_its_limit(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(10)).await;
    assert_eq!(fixture.claim(3).await.len(), 3, "at most the limit");
    assert_eq!(fixture.claim(100).await.len(), 7, "or what there is");
}

/// A limit of zero claims nothing.
pub async fn a_limit_of_zero_claims_nothing(fixture: Fixture) {
    let id = fixture.put_one().await;
    assert!(fixture.claim(0).await.is_empty(), "a limit of zero claims nothing");
    let execution = fixture.claim_one().await;
    assert_eq!((execution.id(), execution.attempt), (id, 1), "and counts no attempt");
}

/// No selector claims nothing.
pub async fn no_selector_claims_nothing(fixture: Fixture) {
    fixture.put_one().await;
    let claim = Claim::new(ONE, Vec::new(), 10);
    assert!(fixture.claim_by(&claim).await.is_empty(), "no queue was asked for");
}

/// An empty store gives nothing.
pub async fn an_empty_store_gives_nothing(fixture: Fixture) {
    assert!(fixture.claim(10).await.is_empty(), "there is nothing to claim");
}

/// An execution carries all that was enqueued.
pub async fn an_execution_carries_what_was_enqueued(fixture: Fixture) {
    let expires = fixture.now() + std::time::Duration::from_secs(3600);
    let job = fixture.job_with(|job| {
        "greet".clone_into(&mut job.name);
        "hellos".clone_into(&mut job.queue);
        job.priority = -7;
        job.version = 3;
        job.meta = Some(r#"{"tags":["a"]}"#.to_owned());
        job.expires_at = Some(expires);
    });
    let enqueued_at = fixture.now();
    fixture.put(job.clone()).await;
    fixture.advance(std::time::Duration::from_secs(5));
    let execution = fixture.claim_one().await;
    assert_eq!((execution.token.job, execution.token.process), (job.id, ONE), "the token names job and process");
    assert_eq!((execution.name, execution.queue), (job.name, job.queue), "name and queue are kept");
    assert_eq!((execution.priority, execution.version), (job.priority, job.version), "priority and version are kept");
    assert_eq!((execution.arguments, execution.meta), (job.arguments, job.meta), "arguments and meta are kept");
    assert_eq!(execution.expires_at, Some(expires), "the time when it expires is kept");
    let times = (execution.enqueued_at, execution.due_at);
    assert_eq!((execution.attempt, times), (1, (enqueued_at, enqueued_at)), "the execution has attempt and times");
}

/// An execution shows when it was due, not when it was dispatched.
pub async fn an_execution_shows_when_it_was_due(fixture: Fixture) {
    let due = fixture.now() + std::time::Duration::from_secs(60);
    fixture.put_later(std::time::Duration::from_secs(60)).await;
    fixture.advance(std::time::Duration::from_secs(90));
    assert_eq!(fixture.dispatch(1).await.ready, 1, "it is due");
    let execution = fixture.claim_one().await;
    assert_eq!(execution.due_at, due, "its waiting time counts from its due time");
    let due = fixture.now() + std::time::Duration::from_secs(5);
    fixture.applied(execution, crate::contract::fixture::retry_in(std::time::Duration::from_secs(5))).await;
    fixture.advance(std::time::Duration::from_secs(7));
    assert_eq!(fixture.dispatch(1).await.ready, 1, "the retry is due");
    assert_eq!(fixture.claim_one().await.due_at, due, "a retry from its own");
}

/// Each claim counts an attempt.
pub async fn each_claim_counts_an_attempt(fixture: Fixture) {
    fixture.put_one().await;
    for attempt in 1..=4 {
        let execution = fixture.claim_one().await;
        assert_eq!(execution.attempt, attempt, "the attempts are counted from 1");
        fixture.applied(execution, crate::contract::fixture::retry_in(std::time::Duration::ZERO)).await;
        assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due again");
    }
}

/// Each claim of a job has another number, even if its attempt is uncounted.
pub async fn each_claim_has_another_number(fixture: Fixture) {
    fixture.put_one().await;
    let mut numbers = BTreeSet::new();
    for _ in 0..4 {
        let execution = fixture.claim_one().await;
        assert!(numbers.insert(execution.token.claim), "no number is used twice for a job");
        fixture.applied(execution, Decision::Release).await;
    }
}

/// A claimed job is gone for others until it is settled.
pub async fn a_claimed_job_is_not_claimed_again(fixture: Fixture) {
    let execution = fixture.claimed().await;
    assert!(fixture.claim_as(ONE, 10).await.is_empty(), "not even by its own process");
    assert!(fixture.claim_as(TWO, 10).await.is_empty(), "and by no other");
    fixture.applied(execution, FINISH).await;
    assert!(fixture.claim(10).await.is_empty(), "a finished job is not claimed");
}

/// Within equal priority the job enqueued first is claimed first.
pub async fn the_job_enqueued_first_is_claimed_first(fixture: Fixture) {
    let mut jobs = fixture.jobs(20);
    // Not the order of ids: another process' ids may be smaller.
    jobs.reverse();
    for job in &jobs {
        fixture.put(job.clone()).await;
    }
    assert_eq!(ids(&fixture.claim(20).await), ids_of(&jobs), "the job that was enqueued first is claimed first");
}

/// A batch is claimed in its order.
pub async fn a_batch_is_claimed_in_its_order(fixture: Fixture) {
    let mut jobs = fixture.jobs(20);
    jobs.reverse();
    let _stored = fixture.enqueue(&jobs).await;
    assert_eq!(ids(&fixture.claim(20).await), ids_of(&jobs), "a batch is enqueued in its order");
}

/// The greatest limit is no limit, in one queue or in many.
pub async fn the_greatest_limit_is_no_limit(fixture: Fixture) {
    for queues in [1, 3] {
        let mut jobs = fixture.jobs(12);
        for (number, job) in jobs.iter_mut().enumerate() {
            job.queue = format!("queue_{}", number % queues);
        }
        let _stored = fixture.enqueue(&jobs).await;
        let claimed = fixture.claim(usize::MAX).await;
        fixture.gives(&claimed, &ids_of(&jobs), &format!("all there are, from {queues} queues"));
        for execution in claimed {
            fixture.applied(execution, FINISH).await;
        }
    }
}
