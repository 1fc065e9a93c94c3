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
            let release = |execution: &Execution| Settlement { token: execution.token, decision: Decision::Release };
            let batch: Vec<_> = claimed.iter().map(release).collect();
            let _released = self.0.settle(&batch).await?;
            Ok(claimed)
        })
    }
}

#[test]
fn a_store_that_hands_out_a_job_twice_is_caught() {
    let cases = ["claim::no_job_is_given_to_two_claims", "claim::a_claimed_job_is_not_claimed_again"];
    is_caught_by(HandsOutTwice, &cases);
    is_caught_by(HandsOutTwice, &["races::racing_claims_share_the_jobs_out"]);
    passes(HandsOutTwice, "enqueue::a_job_due_now_can_be_claimed_at_once");
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
        "dropped_calls::what_a_dropped_claim_took_is_given_again",
        "dropped_calls::what_a_dropped_settle_and_claim_took_is_given_again",
    ];
    is_caught_by(ForgetsWhatNobodyAwaits, &cases);
    passes(ForgetsWhatNobodyAwaits, "dropped_calls::a_dropped_claim_holds_all_or_nothing");
}

/// Looks whether the limit is reached after the job was taken.
struct ClaimsOneTooMany(MemoryStore);

impl Bend for ClaimsOneTooMany {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async move { self.0.claim(&Claim { limit: claim.limit + 1, ..claim.clone() }).await })
    }
}

#[test]
fn a_store_that_claims_one_too_many_is_caught() {
    let cases = ["claim::a_claim_gives_at_most_its_limit", "claim::a_limit_of_zero_claims_nothing"];
    is_caught_by(ClaimsOneTooMany, &cases);
    is_caught_by(ClaimsOneTooMany, &["settle_and_claim::with_a_limit_of_zero_it_only_settles"]);
    passes(ClaimsOneTooMany, "claim::an_empty_store_gives_nothing");
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
    let cases = [
        "settle_and_claim::a_job_released_in_it_can_be_claimed_in_it",
        "settle_and_claim::a_job_released_in_it_keeps_its_place",
    ];
    is_caught_by(ClaimsBeforeItSettles, &cases);
    passes(ClaimsBeforeItSettles, "settle_and_claim::a_worker_works_everything_off_by_it_alone");
}

/// Never gives a job up as poisonous.
struct ForgivesCrashes(MemoryStore);

impl Bend for ForgivesCrashes {
    fn inner(&self) -> &MemoryStore {
        &self.0
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        Box::pin(async move { self.0.recover(&Recovery { crash_limit: u32::MAX, ..*recovery }).await })
    }
}

#[test]
fn a_store_that_forgives_every_crash_is_caught() {
    let cases = [
        "recovery::a_job_that_lost_its_process_too_often_is_poisonous",
        "recovery::a_crash_limit_of_one_forgives_nothing",
    ];
    is_caught_by(ForgivesCrashes, &cases);
    passes(ForgivesCrashes, "recovery::the_jobs_of_a_silent_process_are_ready_again");
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
    is_caught_by(RevivesInSilence, &["heartbeat::a_process_that_was_given_up_is_told_so_once"]);
    passes(RevivesInSilence, "recovery::a_process_that_beats_keeps_its_jobs");
}
