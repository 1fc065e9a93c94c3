//! Stores that hand out jobs wrongly.

use jobs_core::{
    Claim, Decision, Execution, Process, Pulse, Recovered, Recovery, Settled, Settlement, Store, StoreFuture,
};
use jobs_memory::MemoryStore;

use crate::bend::Bend;
use crate::play::{is_caught_by, passes};

/// Gives back at once what it hands out.
struct HandsOutTwice(MemoryStore);

impl Bend for HandsOutTwice {
    fn inner(&self) -> &MemoryStore {
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
fn a_store_that_hands_out_a_job_twice_is_caught() {
    let cases = ["claiming::no_job_is_given_to_two_claims", "claiming::a_claimed_job_is_not_claimed_again"];
    is_caught_by(HandsOutTwice, &cases);
    is_caught_by(HandsOutTwice, &["racing::racing_claims_share_the_jobs_out"]);
    passes(HandsOutTwice, "enqueuing::a_job_due_now_can_be_claimed_at_once");
}

/// Claims, and then takes a moment to answer.
struct ForgetsWhatNobodyAwaits(MemoryStore);

impl Bend for ForgetsWhatNobodyAwaits {
    fn inner(&self) -> &MemoryStore {
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
fn a_store_that_forgets_what_a_dropped_claim_took_is_caught() {
    let cases = [
        "dropping::what_a_dropped_claim_took_is_given_again",
        "dropping::what_a_dropped_settle_and_claim_took_is_given_again",
    ];
    is_caught_by(ForgetsWhatNobodyAwaits, &cases);
    passes(ForgetsWhatNobodyAwaits, "dropping::a_dropped_claim_holds_all_or_nothing");
}

/// Looks whether the limit is reached after the job was taken.
struct ClaimsOneTooMany(MemoryStore);

impl Bend for ClaimsOneTooMany {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move { self.0.claim(&Claim::new(claim.process, claim.queues.clone(), claim.limit + 1)).await })
    }
}

#[test]
fn a_store_that_claims_one_too_many_is_caught() {
    let cases = ["claiming::a_claim_gives_at_most_its_limit", "claiming::a_limit_of_zero_claims_nothing"];
    is_caught_by(ClaimsOneTooMany, &cases);
    is_caught_by(ClaimsOneTooMany, &["fused::with_a_limit_of_zero_it_only_settles"]);
    passes(ClaimsOneTooMany, "claiming::an_empty_store_gives_nothing");
}

/// Claims first and settles then.
struct ClaimsBeforeItSettles(MemoryStore);

impl Bend for ClaimsBeforeItSettles {
    fn inner(&self) -> &MemoryStore {
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
    let cases = ["fused::a_job_released_in_it_can_be_claimed_in_it", "fused::a_job_released_in_it_keeps_its_place"];
    is_caught_by(ClaimsBeforeItSettles, &cases);
    passes(ClaimsBeforeItSettles, "fused::a_worker_works_everything_off_by_it_alone");
}

/// Never gives a job up as poisonous.
struct ForgivesCrashes(MemoryStore);

impl Bend for ForgivesCrashes {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(async move { self.0.recover(&Recovery::new(recovery.silence, u32::MAX)).await })
    }
}

#[test]
fn a_store_that_forgives_every_crash_is_caught() {
    let cases = [
        "recovering::a_job_that_lost_its_process_too_often_is_poisonous",
        "recovering::a_crash_limit_of_one_forgives_nothing",
    ];
    is_caught_by(ForgivesCrashes, &cases);
    passes(ForgivesCrashes, "recovering::the_jobs_of_a_silent_process_are_ready_again");
}

/// Does not say that a process was given up.
struct RevivesInSilence(MemoryStore);

impl Bend for RevivesInSilence {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        Box::pin(async move {
            let _pulse = self.0.heartbeat(process).await?;
            Ok(Pulse::Alive)
        })
    }
}

#[test]
fn a_store_that_revives_in_silence_is_caught() {
    is_caught_by(RevivesInSilence, &["beating::a_process_that_was_given_up_is_told_so_once"]);
    passes(RevivesInSilence, "recovering::a_process_that_beats_keeps_its_jobs");
}
