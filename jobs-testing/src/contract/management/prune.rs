//! What was done long ago is forgotten.

use std::time::Duration;

use jobs_core::{Decision, Filter, Manage, NewJob, State};

use crate::contract::Fixture;
use crate::contract::fixture::states::{JobsInAllStates, settled};
use crate::contract::fixture::{KEEP, fail, failure, ids, ids_of, just_under, retry_in, secs};

async fn prune(manage: &dyn Manage, older_than: Duration, limit: usize) -> u64 {
    manage.prune(older_than, limit).await.expect("the store prunes")
}

/// A job that was done exactly so long ago is forgotten.
pub async fn a_job_done_exactly_that_long_ago_is_pruned(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, KEEP).await;
    fixture.advance(secs(60));
    assert_eq!(prune(manage, secs(60), 10).await, 1, "at least so long ago");
    assert!(fixture.find(id).await.is_none(), "it is gone");
}

/// A job that was done a microsecond later is kept.
pub async fn a_job_done_a_microsecond_later_is_not_pruned(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, KEEP).await;
    fixture.advance(just_under(secs(60)));
    assert_eq!(prune(manage, secs(60), 10).await, 0, "it is too young");
    fixture.is(id, State::Finished, "it is still there").await;
}

/// Age counts from when a job was done.
pub async fn age_counts_from_when_a_job_was_done(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let execution = fixture.claimed().await;
    fixture.advance(secs(600));
    let id = execution.id();
    fixture.applied(execution, KEEP).await;
    fixture.advance(secs(30));
    assert_eq!(prune(manage, secs(60), 10).await, 0, "it came long ago, but was done just now");
    fixture.is(id, State::Finished, "it is still there").await;
    fixture.advance(secs(30));
    assert_eq!(prune(manage, secs(60), 10).await, 1, "now it is old");
}

/// At most the limit is forgotten.
pub async fn at_most_the_limit_is_pruned(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    for _ in 0..5 {
        settled(&fixture, KEEP).await;
    }
    assert_eq!(prune(manage, secs(0), 0).await, 0, "a limit of zero forgets nothing");
    for expected in [2, 2, 1, 0] {
        assert_eq!(prune(manage, secs(0), 2).await, expected, "at most two at a time");
    }
}

/// A limit is not used up by jobs that are kept.
pub async fn the_limit_counts_only_pruned_jobs(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    fixture.put_later(secs(9_000)).await;
    settled(&fixture, fail()).await;
    settled(&fixture, KEEP).await;
    fixture.advance(secs(60));
    assert_eq!(prune(manage, secs(60), 1).await, 1, "older jobs that are kept do not stand in the way");
}

/// Only finished and discarded jobs are forgotten.
pub async fn only_finished_and_discarded_jobs_are_pruned(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let states = JobsInAllStates::new(&fixture).await;
    fixture.advance(secs(1_000_000));
    assert_eq!(prune(manage, secs(1), 100).await, 2, "the finished and the discarded one");
    for (state, id) in states.all() {
        if state.is_done() {
            assert!(fixture.find(id).await.is_none(), "a job that was {state} is gone");
        } else {
            fixture.is(id, state, "the others are still there").await;
        }
    }
    fixture.applied(states.claimed, KEEP).await;
}

/// A failed job is never forgotten.
pub async fn a_failed_job_is_never_pruned(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, fail()).await;
    fixture.advance(secs(1_000_000_000));
    assert_eq!(prune(manage, secs(0), 100).await, 0, "it is kept until someone acts");
    assert_eq!(manage.retry(&[id]).await.expect("the store retries"), 1, "so that someone can");
}

/// A job that was retried manually is no longer done.
pub async fn a_discarded_job_that_was_retried_is_not_pruned(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, Decision::Discard { error: None }).await;
    manage.retry(&[id]).await.expect("the store retries");
    fixture.advance(secs(60));
    assert_eq!(prune(manage, secs(0), 100).await, 0, "it is ready, not done");
    assert_eq!(ids(&fixture.claim(10).await), [id], "and runs");
}

/// The age of a manually discarded job counts from the discard.
pub async fn a_manually_discarded_job_ages_from_then(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let id = settled(&fixture, fail()).await;
    fixture.advance(secs(100));
    manage.discard(&[id]).await.expect("the store discards");
    fixture.advance(secs(59));
    assert_eq!(prune(manage, secs(60), 10).await, 0, "it was discarded just now");
    fixture.advance(secs(1));
    assert_eq!(prune(manage, secs(60), 10).await, 1, "it was discarded long enough ago");
}

/// Nothing of a forgotten job is left: its id begins a new life.
pub async fn the_id_of_a_pruned_job_may_be_enqueued_again(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let job = fixture.job();
    fixture.put(job.clone()).await;
    for decision in [retry_in(secs(0)), Decision::Discard { error: Some(failure("no more")) }] {
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
        let _dispatched = fixture.dispatch(10).await;
    }
    assert_eq!(prune(manage, secs(0), 10).await, 1, "it is done");
    is_anew(&fixture, job).await;
}

/// The same after a finish that kept nothing.
pub async fn the_id_of_a_job_that_was_not_kept_may_be_enqueued_again(fixture: Fixture) {
    let job = fixture.job();
    fixture.put(job.clone()).await;
    for decision in [retry_in(secs(0)), crate::contract::fixture::FINISH] {
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
        let _dispatched = fixture.dispatch(10).await;
    }
    is_anew(&fixture, job).await;
}

async fn is_anew(fixture: &Fixture, job: NewJob) {
    let id = job.id;
    fixture.put(job).await;
    fixture
        .shows(id, "nothing is left of its first life", |record| {
            record.errors.is_empty() && (record.attempts, record.crashes, record.done_at) == (0, 0, None)
        })
        .await;
    let execution = fixture.claim_one().await;
    assert_eq!((execution.id(), execution.attempt), (id, 1), "it runs as a new job");
    fixture.applied(execution, fail()).await;
    fixture.shows(id, "only its new error is shown", |record| record.errors.len() == 1).await;
}

/// Pruned jobs are neither listed nor counted.
pub async fn pruned_jobs_are_neither_listed_nor_counted(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    settled(&fixture, KEEP).await;
    let left = fixture.jobs(2);
    let _stored = fixture.enqueue(&left).await;
    assert_eq!(prune(manage, secs(0), 10).await, 1, "one is done");
    let Some(inspect) = fixture.inspect() else { return };
    assert_eq!(inspect.counts().await.expect("the store counts").total(), 2, "it is not counted");
    let listed = fixture.list(&Filter::default()).await.unwrap_or_default();
    assert_eq!(listed.iter().map(|record| record.id).collect::<Vec<_>>(), ids_of(&left), "it is not listed");
}

/// The greatest age is older than all.
pub async fn the_greatest_age_prunes_nothing(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    settled(&fixture, KEEP).await;
    fixture.advance(secs(60));
    assert_eq!(prune(manage, Duration::MAX, 10).await, 0, "nothing is so old");
}

/// The greatest limit is no limit.
pub async fn the_greatest_limit_is_no_limit(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    for _ in 0..3 {
        settled(&fixture, KEEP).await;
    }
    assert_eq!(prune(manage, secs(0), usize::MAX).await, 3, "all that are done");
}

/// After the clock was set back, jobs from the time to come do not stand in the way.
pub async fn a_clock_set_back_does_not_prevent_pruning(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let _from_later = fixture.put_later(secs(60)).await;
    settled(&fixture, fail()).await;
    fixture.set_back(secs(3600));
    settled(&fixture, KEEP).await;
    fixture.advance(secs(60));
    assert_eq!(prune(manage, secs(60), 10).await, 1, "it was done long enough ago");
}
