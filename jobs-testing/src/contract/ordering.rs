//! Who is claimed before whom.

use std::cmp::Reverse;
use std::time::Duration;

use jobs_core::{Decision, Due, Entropy, JobId};

use crate::SeededEntropy;
use crate::contract::Stage;
use crate::contract::race::SEEDS;
use crate::contract::stage::{ONE, SILENCE, fail, ids, retry_in, secs};

async fn put_with_priority(stage: &Stage, priority: i32) -> JobId {
    stage.put(stage.job_with(|job| job.priority = priority)).await
}

/// Claims everything and checks the order.
async fn claims(stage: &Stage, expected: &[JobId], promise: &str) {
    assert_eq!(ids(&stage.claim(100).await), expected, "{promise}");
}

/// Higher numbers run first.
pub async fn a_higher_priority_is_claimed_first(stage: Stage) {
    let low = put_with_priority(&stage, -5).await;
    let normal = put_with_priority(&stage, 0).await;
    let high = put_with_priority(&stage, 10).await;
    claims(&stage, &[high, normal, low], "higher priority numbers run first").await;
}

/// The whole range of numbers is a priority.
pub async fn the_extremes_of_priority_keep_their_order(stage: Stage) {
    let least = put_with_priority(&stage, i32::MIN).await;
    let greatest = put_with_priority(&stage, i32::MAX).await;
    let almost = put_with_priority(&stage, i32::MIN + 1).await;
    claims(&stage, &[greatest, almost, least], "no priority overflows").await;
}

/// Priority goes before age, also between claims.
pub async fn a_late_job_of_higher_priority_overtakes(stage: Stage) {
    let first = stage.put_one().await;
    let second = stage.put_one().await;
    assert_eq!(ids(&stage.claim(1).await), [first], "the elder of two equals");
    let urgent = put_with_priority(&stage, 1).await;
    claims(&stage, &[urgent, second], "a late job of higher priority overtakes").await;
}

/// Across queues that one selector means, priority and age decide.
pub async fn priority_and_age_decide_across_all_queues(stage: Stage) {
    let put = async |queue: &str, priority| {
        stage.put(stage.job_with(|job| (job.queue, job.priority) = (queue.to_owned(), priority))).await
    };
    let old = put("zebra", 0).await;
    let young = put("ant", 0).await;
    let urgent = put("mule", 5).await;
    let idle = put("bee", -5).await;
    claims(&stage, &[urgent, old, young, idle], "across all queues by priority, then by age").await;
}

/// A released job keeps its place.
pub async fn a_released_job_keeps_its_place(stage: Stage) {
    let first = stage.put_one().await;
    let second = stage.put_one().await;
    let execution = stage.claim_one().await;
    stage.applied(execution, Decision::Release).await;
    claims(&stage, &[first, second], "a released job is at its old place").await;
}

/// A job that was scheduled keeps the place it was enqueued at.
pub async fn a_job_that_became_ready_later_keeps_its_place(stage: Stage) {
    let waiting = stage.put_later(secs(60)).await;
    let ready = stage.put_one().await;
    stage.advance(secs(60));
    assert_eq!(stage.dispatch(10).await.ready, 1, "the first is due");
    claims(&stage, &[waiting, ready], "a job that became ready later keeps its old place").await;
}

/// The order in which jobs were due does not matter once they are ready.
pub async fn jobs_that_became_ready_together_are_claimed_by_age(stage: Stage) {
    let due_last = stage.put_later(secs(30)).await;
    let due_first = stage.put_later(secs(10)).await;
    stage.advance(secs(60));
    assert_eq!(stage.dispatch(10).await.ready, 2, "both are due");
    claims(&stage, &[due_last, due_first], "among ready jobs the place decides, not the time they were due").await;
}

/// A retried job keeps its place.
pub async fn a_retried_job_keeps_its_place(stage: Stage) {
    let first = stage.put_one().await;
    let execution = stage.claim_one().await;
    let second = stage.put_one().await;
    stage.applied(execution, retry_in(Duration::ZERO)).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "the retry is due");
    claims(&stage, &[first, second], "a retried job is at its old place").await;
}

/// A recovered job keeps its place.
pub async fn a_recovered_job_keeps_its_place(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let first = stage.put_one().await;
    stage.claim_one().await;
    let second = stage.put_one().await;
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.ready, [first], "the job of the dead process");
    claims(&stage, &[first, second], "a recovered job is at its old place").await;
}

/// A retry may ask for another priority.
pub async fn a_retry_at_another_priority_is_claimed_by_it(stage: Stage) {
    let demoted = stage.claimed().await;
    let id = demoted.id();
    let other = stage.put_one().await;
    let mut decision = retry_in(Duration::ZERO);
    if let Decision::Retry { priority, .. } = &mut decision {
        *priority = Some(-1);
    }
    stage.applied(demoted, decision).await;
    assert_eq!(stage.dispatch(10).await.ready, 1, "the retry is due");
    let claimed = stage.claim(10).await;
    assert_eq!(ids(&claimed), [other, id], "the new priority decides");
    assert_eq!(claimed[1].priority, -1, "and is told");
}

/// Jobs that are put off by hand, or retried by hand, keep their place.
pub async fn a_job_moved_by_hand_keeps_its_place(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    let [failed, put_off, last] = [stage.put_one().await, stage.put_one().await, stage.put_one().await];
    let execution = stage.claim_one().await;
    stage.applied(execution, fail()).await;
    manage.reschedule(&[put_off], Due::Now).await.expect("the store reschedules");
    assert_eq!(stage.dispatch(10).await.ready, 1, "what was put off to now is due");
    manage.retry(&[failed]).await.expect("the store retries");
    claims(&stage, &[failed, put_off, last], "a job that was moved by hand is at its old place").await;
}

/// Many queues are merged by priority and age, however the claims cut them.
pub async fn many_queues_are_merged_in_one_order(stage: Stage) {
    for seed in SEEDS {
        for selectors in [&["queue_*"][..], &["*"], &["none", "queue_*"]] {
            merges_many_queues(&stage, selectors, seed).await;
        }
    }
}

async fn merges_many_queues(stage: &Stage, selectors: &[&str], seed: u64) {
    let chance = SeededEntropy::new(seed);
    let pick = |bound: i32| i32::try_from(chance.next_u64() % 1_000).expect("it is small") % bound;
    let mut jobs = stage.jobs(200);
    for job in &mut jobs {
        (job.queue, job.priority) = (format!("queue_{}", pick(25)), pick(5) - 2);
    }
    let _stored = stage.enqueue(&jobs).await;
    // A stable sort, so age decides between equals.
    jobs.sort_by_key(|job| Reverse(job.priority));
    let mut claimed = Vec::new();
    while claimed.len() < jobs.len() {
        let limit = usize::try_from(1 + pick(30)).expect("it is positive");
        let next = ids(&stage.claim_from(selectors, limit).await);
        let expected = limit.min(jobs.len() - claimed.len());
        assert_eq!(next.len(), expected, "as many as asked for ({selectors:?}, seed {seed})");
        claimed.extend(next);
    }
    let expected: Vec<_> = jobs.iter().map(|job| job.id).collect();
    assert_eq!(claimed, expected, "across queues by priority, then by age ({selectors:?}, seed {seed})");
}
