//! Stores that break a promise of `claim`, `recover` or `heartbeat`.

use jobs_core::{
    Claim, Decision, Execution, HeartbeatReply, Inspect, Process, QueueClaim, QueueSelector, Recovered, Recovery,
    Settled, Settlement, Store, StoreFuture,
};
use jobs_memory::MemoryStore;
use jobs_testing::PassThrough;

use crate::play::{is_caught_by, passes};

/// Releases at once what it gives to a claim.
struct HandsOutTwice(MemoryStore);

impl PassThrough for HandsOutTwice {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let claimed = self.0.claim(claim).await?;
            let release = |execution: &Execution| Settlement::new(execution.token, Decision::Release);
            let batch: Vec<_> = claimed.iter().map(release).collect();
            let _released = self.0.settle(&batch).await?;
            Ok(claimed)
        })
    }
}

#[test]
fn a_store_that_gives_a_job_to_two_claims_is_caught() {
    let cases = ["claim::no_job_is_given_to_two_claims", "claim::a_claimed_job_is_not_claimed_again"];
    is_caught_by(HandsOutTwice, &cases);
    is_caught_by(HandsOutTwice, &["races::racing_claims_share_the_jobs_out"]);
    passes(HandsOutTwice, "enqueue::a_job_due_now_can_be_claimed_at_once");
}

/// Claims, and answers only at the next poll.
struct ForgetsWhatNobodyAwaits(MemoryStore);

impl PassThrough for ForgetsWhatNobodyAwaits {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let claimed = self.0.claim(claim).await?;
            tokio::task::yield_now().await;
            Ok(claimed)
        })
    }
}

#[test]
fn a_store_that_loses_the_jobs_of_a_dropped_claim_is_caught() {
    let cases = [
        "dropped_calls::jobs_of_a_dropped_claim_are_claimed_again",
        "dropped_calls::jobs_of_a_dropped_settle_and_claim_are_claimed_again",
    ];
    is_caught_by(ForgetsWhatNobodyAwaits, &cases);
    passes(ForgetsWhatNobodyAwaits, "dropped_calls::a_dropped_claim_holds_all_or_nothing");
}

#[test]
fn a_store_that_claims_one_too_many_is_caught() {
    // It checks the limits after the job was claimed.
    let wrong = |store| {
        Misreads(store, |claim| {
            let queues = claim.queues.iter().map(|queue| with_limit(queue, queue.limit.saturating_add(1)));
            Claim::limited(claim.process, queues.collect(), claim.limit.saturating_add(1))
        })
    };
    let cases = ["claim::a_claim_gives_at_most_its_limit", "claim::a_limit_of_zero_claims_nothing"];
    is_caught_by(wrong, &cases);
    is_caught_by(wrong, &["settle_and_claim::with_a_limit_of_zero_the_call_only_settles"]);
    passes(wrong, "claim::an_empty_store_gives_nothing");
}

/// Claims by another claim than it is asked for.
struct Misreads(MemoryStore, fn(&Claim) -> Claim);

impl PassThrough for Misreads {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move { self.0.claim(&self.1(claim)).await })
    }
}

fn with_queues(claim: &Claim, queues: impl Iterator<Item = QueueClaim>) -> Claim {
    Claim::limited(claim.process, queues.collect(), claim.limit)
}

fn with_limit(queue: &QueueClaim, limit: usize) -> QueueClaim {
    QueueClaim::new(queue.selector.clone(), limit)
}

#[test]
fn a_store_that_ignores_the_limits_of_selectors_is_caught() {
    let wrong = |store| {
        Misreads(store, |claim| with_queues(claim, claim.queues.iter().map(|queue| with_limit(queue, usize::MAX))))
    };
    let cases = [
        "selector_limits::each_selector_gives_at_most_its_own_limit",
        "selector_limits::the_limit_of_a_claim_is_for_all_its_selectors",
        "selector_limits::a_limit_of_zero_takes_nothing_from_a_selector",
        "selector_limits::a_limit_is_for_all_queues_of_a_selector_together",
        "selector_limits::a_limit_holds_in_the_call_that_settles_too",
        "selector_limits::the_next_claim_continues_where_a_limit_ended",
        "selector_limits::paused_queues_do_not_use_a_limit_up",
        "selector_limits::limits_hold_together_with_the_order_of_any_selectors",
    ];
    is_caught_by(wrong, &cases);
    passes(wrong, "selectors::selectors_are_served_in_their_order");
}

#[test]
fn a_store_that_reserves_the_limit_of_an_empty_selector_is_caught() {
    let wrong = |store| {
        Misreads(store, |claim| {
            let mut left = claim.limit;
            let reserve = |queue: &QueueClaim| {
                let limit = queue.limit.min(left);
                left -= limit;
                with_limit(queue, limit)
            };
            with_queues(claim, claim.queues.iter().map(reserve))
        })
    };
    is_caught_by(wrong, &["selector_limits::what_one_selector_does_not_use_the_next_may_have"]);
    passes(wrong, "selector_limits::each_selector_gives_at_most_its_own_limit");
}

#[test]
fn a_store_that_leaves_out_selectors_with_a_limit_of_zero_is_caught() {
    let wrong = |store| {
        Misreads(store, |claim| with_queues(claim, claim.queues.iter().filter(|queue| queue.limit > 0).cloned()))
    };
    let cases = [
        "selector_limits::a_queue_belongs_to_the_first_selector_that_selects_it",
        "selector_limits::a_limit_of_zero_takes_nothing_from_a_selector",
        "selector_limits::limits_hold_together_with_the_order_of_any_selectors",
    ];
    is_caught_by(wrong, &cases);
    passes(wrong, "selector_limits::each_selector_gives_at_most_its_own_limit");
}

/// Serves each selector by itself, so that a later one gives what the limit of an earlier one left.
struct ForgetsEarlierSelectors(MemoryStore);

impl PassThrough for ForgetsEarlierSelectors {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let mut claimed = Vec::new();
            for queue in &claim.queues {
                let left = claim.limit - claimed.len();
                claimed.extend(self.0.claim(&Claim::limited(claim.process, vec![queue.clone()], left)).await?);
            }
            Ok(claimed)
        })
    }
}

#[test]
fn a_store_that_gives_a_queue_to_every_selector_is_caught() {
    let cases = [
        "selector_limits::a_queue_belongs_to_the_first_selector_that_selects_it",
        "selector_limits::a_limit_of_zero_takes_nothing_from_a_selector",
        "selector_limits::limits_hold_together_with_the_order_of_any_selectors",
    ];
    is_caught_by(ForgetsEarlierSelectors, &cases);
    passes(ForgetsEarlierSelectors, "selector_limits::each_selector_gives_at_most_its_own_limit");
}

/// Gives the jobs of one queue of a selector before those of the next.
struct OneQueueAfterTheOther(MemoryStore);

impl PassThrough for OneQueueAfterTheOther {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move {
            let mut queues = Vec::new();
            for asked in &claim.queues {
                for queue in self.0.queues().await? {
                    if asked.selector.selects(&queue.name) {
                        queues.push(QueueClaim::new(QueueSelector::Exact(queue.name), asked.limit));
                    }
                }
            }
            self.0.claim(&with_queues(claim, queues.into_iter())).await
        })
    }
}

#[test]
fn a_store_that_empties_one_queue_of_a_selector_before_the_next_is_caught() {
    let cases = [
        "selector_limits::no_queue_of_a_selector_is_passed_over_for_another",
        "selector_limits::a_limit_is_for_all_queues_of_a_selector_together",
        "order::priority_and_age_decide_across_all_queues",
    ];
    is_caught_by(OneQueueAfterTheOther, &cases);
    passes(OneQueueAfterTheOther, "selector_limits::each_selector_gives_at_most_its_own_limit");
}

/// Claims first and settles then.
struct ClaimsBeforeItSettles(MemoryStore);

impl PassThrough for ClaimsBeforeItSettles {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(async move {
            let claimed = self.0.claim(claim).await?;
            Ok((self.0.settle(settlements).await?, claimed))
        })
    }
}

#[test]
fn a_store_that_claims_before_it_settles_is_caught() {
    let cases = [
        "settle_and_claim::a_released_job_can_be_claimed_in_the_same_call",
        "settle_and_claim::a_job_released_in_the_call_keeps_its_position",
    ];
    is_caught_by(ClaimsBeforeItSettles, &cases);
    passes(ClaimsBeforeItSettles, "settle_and_claim::a_worker_finishes_all_jobs_by_this_call_alone");
}

/// Never fails a job as poison.
struct ForgivesCrashes(MemoryStore);

impl PassThrough for ForgivesCrashes {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(async move { self.0.recover(&Recovery::new(recovery.silence, u32::MAX)).await })
    }
}

#[test]
fn a_store_that_never_fails_a_poison_job_is_caught() {
    let cases = [
        "recovery::a_job_whose_process_crashed_too_often_fails_as_poison",
        "recovery::a_crash_limit_of_one_allows_no_crash",
    ];
    is_caught_by(ForgivesCrashes, &cases);
    passes(ForgivesCrashes, "recovery::the_jobs_of_a_silent_process_are_ready_again");
}

/// Does not report that a process was recovered.
struct RevivesInSilence(MemoryStore);

impl PassThrough for RevivesInSilence {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        Box::pin(async move {
            let _pulse = self.0.heartbeat(process).await?;
            Ok(HeartbeatReply::Alive)
        })
    }
}

#[test]
fn a_store_that_does_not_report_a_recovery_is_caught() {
    is_caught_by(RevivesInSilence, &["heartbeat::a_recovered_process_learns_it_once"]);
    passes(RevivesInSilence, "recovery::a_process_that_sends_heartbeats_keeps_its_jobs");
}
