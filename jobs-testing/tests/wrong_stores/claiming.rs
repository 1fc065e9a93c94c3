//! Stores that break a promise of `claim`, `recover` or `heartbeat`.

use jobs_core::{
    Claim, Decision, Execution, HeartbeatReply, Process, Recovered, Recovery, Settled, Settlement, Store, StoreFuture,
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

/// Checks the limit after the job was claimed.
struct ClaimsOneTooMany(MemoryStore);

impl PassThrough for ClaimsOneTooMany {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(
            async move { self.0.claim(&Claim::limited(claim.process, claim.queues.clone(), claim.limit + 1)).await },
        )
    }
}

#[test]
fn a_store_that_claims_one_too_many_is_caught() {
    let cases = ["claim::a_claim_gives_at_most_its_limit", "claim::a_limit_of_zero_claims_nothing"];
    is_caught_by(ClaimsOneTooMany, &cases);
    is_caught_by(ClaimsOneTooMany, &["settle_and_claim::with_a_limit_of_zero_the_call_only_settles"]);
    passes(ClaimsOneTooMany, "claim::an_empty_store_gives_nothing");
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
