//! Ready jobs go to those who ask.

use std::collections::BTreeSet;

use jobs_core::{Claim, Decision};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, ONE, TWO, ids, ids_of};

/// No job is given to two claims. Cancel safe.
pub async fn no_job_is_given_to_two_claims(stage: Stage) {
    let jobs = stage.jobs(10);
    let _stored = stage.enqueue(&jobs).await;
    let first = ids(&stage.claim_as(ONE, 6).await);
    let second = ids(&stage.claim_as(TWO, 6).await);
    assert_eq!((first.len(), second.len()), (6, 4), "the second claim gets what the first left");
    let both: BTreeSet<_> = first.into_iter().chain(second).collect();
    assert_eq!(both.len(), 10, "no job is given to two claims");
    assert!(stage.claim(10).await.is_empty(), "nothing is left");
}

/// A claim gives at most its limit. Cancel safe.
pub async fn a_claim_gives_at_most_its_limit(stage: Stage) {
    let _stored = stage.enqueue(&stage.jobs(10)).await;
    assert_eq!(stage.claim(3).await.len(), 3, "at most the limit");
    assert_eq!(stage.claim(100).await.len(), 7, "or what there is");
}

/// A limit of zero claims nothing. Cancel safe.
pub async fn a_limit_of_zero_claims_nothing(stage: Stage) {
    let id = stage.put_one().await;
    assert!(stage.claim(0).await.is_empty(), "a limit of zero claims nothing");
    let execution = stage.claim_one().await;
    assert_eq!((execution.id(), execution.attempt), (id, 1), "and counts no attempt");
}

/// No selector claims nothing. Cancel safe.
pub async fn no_selector_claims_nothing(stage: Stage) {
    stage.put_one().await;
    let claim = Claim::new(ONE, Vec::new(), 10);
    assert!(stage.claim_by(&claim).await.is_empty(), "no queue was asked for");
}

/// An empty store gives nothing. Cancel safe.
pub async fn an_empty_store_gives_nothing(stage: Stage) {
    assert!(stage.claim(10).await.is_empty(), "there is nothing to claim");
}

/// An execution carries all that was enqueued. Cancel safe.
pub async fn an_execution_carries_what_was_enqueued(stage: Stage) {
    let job = stage.job_with(|job| {
        "greet".clone_into(&mut job.name);
        "hellos".clone_into(&mut job.queue);
        job.priority = -7;
        job.version = 3;
        job.meta = Some(r#"{"tags":["a"]}"#.to_owned());
    });
    let enqueued_at = stage.now();
    stage.put(job.clone()).await;
    stage.advance(std::time::Duration::from_secs(5));
    let execution = stage.claim_one().await;
    assert_eq!((execution.token.job, execution.token.process), (job.id, ONE), "the token names job and process");
    assert_eq!((execution.name, execution.queue), (job.name, job.queue), "name and queue are kept");
    assert_eq!((execution.priority, execution.version), (job.priority, job.version), "priority and version are kept");
    assert_eq!((execution.arguments, execution.meta), (job.arguments, job.meta), "arguments and meta are kept");
    let times = (execution.enqueued_at, execution.due_at);
    assert_eq!((execution.attempt, times), (1, (enqueued_at, enqueued_at)), "attempt and times are told");
}

/// An execution tells when it was due, not when it was dispatched. Cancel safe.
pub async fn an_execution_tells_when_it_was_due(stage: Stage) {
    let due = stage.now().after(std::time::Duration::from_secs(60));
    stage.put_later(std::time::Duration::from_secs(60)).await;
    stage.advance(std::time::Duration::from_secs(90));
    assert_eq!(stage.dispatch(1).await.ready, 1, "it is due");
    let execution = stage.claim_one().await;
    assert_eq!(execution.due_at, due, "what it waited is told from its time");
    let due = stage.now().after(std::time::Duration::from_secs(5));
    stage.applied(execution, crate::contract::stage::retry_in(std::time::Duration::from_secs(5))).await;
    stage.advance(std::time::Duration::from_secs(7));
    assert_eq!(stage.dispatch(1).await.ready, 1, "the retry is due");
    assert_eq!(stage.claim_one().await.due_at, due, "a retry from its own");
}

/// Each claim counts an attempt. Cancel safe.
pub async fn each_claim_counts_an_attempt(stage: Stage) {
    stage.put_one().await;
    for attempt in 1..=4 {
        let execution = stage.claim_one().await;
        assert_eq!(execution.attempt, attempt, "the attempts are counted from 1");
        stage.applied(execution, crate::contract::stage::retry_in(std::time::Duration::ZERO)).await;
        assert_eq!(stage.dispatch(10).await.ready, 1, "it is due again");
    }
}

/// The number of a claim never falls, whatever is uncounted. Cancel safe.
pub async fn the_number_of_a_claim_grows_even_if_the_attempt_does_not(stage: Stage) {
    stage.put_one().await;
    let mut last = i64::MIN;
    for _ in 0..4 {
        let execution = stage.claim_one().await;
        assert!(execution.token.claim > last, "the number of a claim grows with each");
        last = execution.token.claim;
        stage.applied(execution, Decision::Release).await;
    }
}

/// A claimed job is gone for others until it is settled. Cancel safe.
pub async fn a_claimed_job_is_not_claimed_again(stage: Stage) {
    let execution = stage.claimed().await;
    assert!(stage.claim_as(ONE, 10).await.is_empty(), "not even by its own process");
    assert!(stage.claim_as(TWO, 10).await.is_empty(), "and by no other");
    stage.applied(execution, FINISH).await;
    assert!(stage.claim(10).await.is_empty(), "a finished job is not claimed");
}

/// Within equal priority the job enqueued first is claimed first. Cancel safe.
pub async fn the_job_enqueued_first_is_claimed_first(stage: Stage) {
    let mut jobs = stage.jobs(20);
    // Not the order of ids: another process' ids may be smaller.
    jobs.reverse();
    for job in &jobs {
        stage.put(job.clone()).await;
    }
    assert_eq!(ids(&stage.claim(20).await), ids_of(&jobs), "the job that was enqueued first is claimed first");
}

/// A batch is claimed in its order. Cancel safe.
pub async fn a_batch_is_claimed_in_its_order(stage: Stage) {
    let mut jobs = stage.jobs(20);
    jobs.reverse();
    let _stored = stage.enqueue(&jobs).await;
    assert_eq!(ids(&stage.claim(20).await), ids_of(&jobs), "a batch is enqueued in its order");
}

/// The greatest limit is no limit, in one queue or in many. Cancel safe.
pub async fn the_greatest_limit_is_no_limit(stage: Stage) {
    for queues in [1, 3] {
        let mut jobs = stage.jobs(12);
        for (number, job) in jobs.iter_mut().enumerate() {
            job.queue = format!("queue_{}", number % queues);
        }
        let _stored = stage.enqueue(&jobs).await;
        let claimed = stage.claim(usize::MAX).await;
        assert_eq!(ids(&claimed), ids_of(&jobs), "all there are, from {queues} queues");
        for execution in claimed {
            stage.applied(execution, FINISH).await;
        }
    }
}
