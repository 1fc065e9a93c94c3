//! The order in which jobs are claimed.

use std::cmp::Reverse;
use std::time::Duration;

use jobs_core::{Decision, Due, Entropy, JobId};

use crate::SeededEntropy;
use crate::contract::Fixture;
use crate::contract::concurrency::runner::SEEDS;
use crate::contract::fixture::{ONE, SILENCE, fail, ids, retry_in, secs};

async fn put_with_priority(fixture: &Fixture, priority: i32) -> JobId {
    fixture.put(fixture.job_with(|job| job.priority = priority)).await
}

/// Claims everything and checks the order.
async fn claims(fixture: &Fixture, expected: &[JobId], promise: &str) {
    assert_eq!(ids(&fixture.claim(100).await), expected, "{promise}");
}

/// Higher numbers run first.
pub async fn a_higher_priority_is_claimed_first(fixture: Fixture) {
    let low = put_with_priority(&fixture, -5).await;
    let normal = put_with_priority(&fixture, 0).await;
    let high = put_with_priority(&fixture, 10).await;
    claims(&fixture, &[high, normal, low], "higher priority numbers run first").await;
}

/// The whole range of numbers is a priority.
pub async fn the_extremes_of_priority_keep_their_order(fixture: Fixture) {
    let least = put_with_priority(&fixture, i32::MIN).await;
    let greatest = put_with_priority(&fixture, i32::MAX).await;
    let almost = put_with_priority(&fixture, i32::MIN + 1).await;
    claims(&fixture, &[greatest, almost, least], "no priority overflows").await;
}

/// Priority goes before age, also between claims.
pub async fn a_late_job_of_higher_priority_overtakes(fixture: Fixture) {
    let first = fixture.put_one().await;
    let second = fixture.put_one().await;
    assert_eq!(ids(&fixture.claim(1).await), [first], "the elder of two equals");
    let urgent = put_with_priority(&fixture, 1).await;
    claims(&fixture, &[urgent, second], "a late job of higher priority overtakes").await;
}

/// Across queues that one selector means, priority and age decide.
pub async fn priority_and_age_decide_across_all_queues(fixture: Fixture) {
    let put = async |queue: &str, priority| {
        fixture.put(fixture.job_with(|job| (job.queue, job.priority) = (queue.to_owned(), priority))).await
    };
    let old = put("zebra", 0).await;
    let young = put("ant", 0).await;
    let urgent = put("mule", 5).await;
    let idle = put("bee", -5).await;
    claims(&fixture, &[urgent, old, young, idle], "across all queues by priority, then by age").await;
}

/// A released job keeps its position.
pub async fn a_released_job_keeps_its_position(fixture: Fixture) {
    let first = fixture.put_one().await;
    let second = fixture.put_one().await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, Decision::Release).await;
    claims(&fixture, &[first, second], "a released job is at its old place").await;
}

/// A scheduled job keeps the position at which it was enqueued.
pub async fn a_job_that_became_ready_later_keeps_its_position(fixture: Fixture) {
    let waiting = fixture.put_later(secs(60)).await;
    let ready = fixture.put_one().await;
    fixture.advance(secs(60));
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the first is due");
    claims(&fixture, &[waiting, ready], "a job that became ready later keeps its old place").await;
}

/// The order in which jobs were due does not matter once they are ready.
pub async fn jobs_that_became_ready_together_are_claimed_by_age(fixture: Fixture) {
    let due_last = fixture.put_later(secs(30)).await;
    let due_first = fixture.put_later(secs(10)).await;
    fixture.advance(secs(60));
    assert_eq!(fixture.dispatch(10).await.ready, 2, "both are due");
    claims(&fixture, &[due_last, due_first], "among ready jobs the place decides, not the time they were due").await;
}

/// A retried job keeps its position.
pub async fn a_retried_job_keeps_its_position(fixture: Fixture) {
    let first = fixture.put_one().await;
    let execution = fixture.claim_one().await;
    let second = fixture.put_one().await;
    fixture.applied(execution, retry_in(Duration::ZERO)).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the retry is due");
    claims(&fixture, &[first, second], "a retried job is at its old place").await;
}

/// A recovered job keeps its position.
pub async fn a_recovered_job_keeps_its_position(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let first = fixture.put_one().await;
    fixture.claim_one().await;
    let second = fixture.put_one().await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [first], "the job of the dead process");
    claims(&fixture, &[first, second], "a recovered job is at its old place").await;
}

/// A retry may ask for another priority.
pub async fn a_retry_with_another_priority_is_claimed_by_that_priority(fixture: Fixture) {
    let demoted = fixture.claimed().await;
    let id = demoted.id();
    let other = fixture.put_one().await;
    let mut decision = retry_in(Duration::ZERO);
    if let Decision::Retry { priority, .. } = &mut decision {
        *priority = Some(-1);
    }
    fixture.applied(demoted, decision).await;
    assert_eq!(fixture.dispatch(10).await.ready, 1, "the retry is due");
    let claimed = fixture.claim(10).await;
    assert_eq!(ids(&claimed), [other, id], "the new priority decides");
    assert_eq!(claimed[1].priority, -1, "and the execution has it");
}

/// Jobs that are manually rescheduled or retried keep their position.
pub async fn a_manually_moved_job_keeps_its_position(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let [failed, put_off, last] = [fixture.put_one().await, fixture.put_one().await, fixture.put_one().await];
    let execution = fixture.claim_one().await;
    fixture.applied(execution, fail()).await;
    manage.reschedule(&[put_off], Due::Now).await.expect("the store reschedules");
    assert_eq!(fixture.dispatch(10).await.ready, 1, "what was put off to now is due");
    manage.retry(&[failed]).await.expect("the store retries");
    claims(&fixture, &[failed, put_off, last], "a manually moved job keeps its position").await;
}

/// Many queues are merged by priority and age, however the claims cut them.
pub async fn many_queues_are_merged_in_one_order(fixture: Fixture) {
    for seed in SEEDS {
        for selectors in [&["queue_*"][..], &["*"], &["none", "queue_*"]] {
            merges_many_queues(&fixture, selectors, seed).await;
        }
    }
}

async fn merges_many_queues(fixture: &Fixture, selectors: &[&str], seed: u64) {
    let entropy = SeededEntropy::new(seed);
    let pick = |bound: i32| i32::try_from(entropy.next_u64() % 1_000).expect("it is small") % bound;
    let mut jobs = fixture.jobs(200);
    for job in &mut jobs {
        (job.queue, job.priority) = (format!("queue_{}", pick(25)), pick(5) - 2);
    }
    let _stored = fixture.enqueue(&jobs).await;
    // A stable sort, so age decides between equals.
    jobs.sort_by_key(|job| Reverse(job.priority));
    let mut claimed = Vec::new();
    while claimed.len() < jobs.len() {
        let limit = usize::try_from(1 + pick(30)).expect("it is positive");
        let next = ids(&fixture.claim_from(selectors, limit).await);
        let expected = limit.min(jobs.len() - claimed.len());
        assert_eq!(next.len(), expected, "as many as asked for ({selectors:?}, seed {seed})");
        claimed.extend(next);
    }
    let expected: Vec<_> = jobs.iter().map(|job| job.id).collect();
    assert_eq!(claimed, expected, "across queues by priority, then by age ({selectors:?}, seed {seed})");
}
