//! Only the holder of the present token changes a claimed job.

use jobs_core::{ClaimToken, Decision, JobId, Phase, ProcessId, Settled, Settlement, State};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, KEEP, ONE, SILENCE, TWO, fail, retry_in, secs};

/// Each decision there is.
fn decisions() -> Vec<Decision> {
    let discard = Decision::Discard { error: None };
    let put_off = Decision::Continue { wait: secs(1), meta: None };
    vec![FINISH, KEEP, retry_in(secs(1)), put_off, fail(), discard, Decision::Release]
}

/// Tries every decision under a token that must not hold.
async fn is_fenced(stage: &Stage, token: ClaimToken, promise: &str) {
    for decision in decisions() {
        let words = format!("{promise}: {decision:?}");
        let settled = stage.settle_all(&[Settlement::new(token, decision)]).await;
        assert_eq!(settled, [Settled::Stale], "{words}");
    }
}

/// A process whose job was recovered can no longer settle it. Cancel safe.
pub async fn a_recovered_job_is_fenced_from_its_old_holder(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let execution = stage.claimed().await;
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.ready, [execution.id()], "its process is dead");
    is_fenced(&stage, execution.token, "a recovered job is ready, nobody may settle it").await;
    stage.is(execution.id(), State::Ready, "it is not touched").await;
}

/// Nor after another process claimed it. Cancel safe.
pub async fn a_job_claimed_again_is_fenced_from_its_old_holder(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let old = stage.claimed().await;
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.ready, [old.id()], "its process is dead");
    let new = stage.claim_one_as(TWO).await;
    is_fenced(&stage, old.token, "the job has another holder").await;
    stage.applied(new, KEEP).await;
}

/// Nor if the same process claimed it again. Cancel safe.
pub async fn an_older_claim_of_the_same_process_is_fenced(stage: Stage) {
    let old = stage.claimed().await;
    let token = old.token;
    stage.applied(old, Decision::Release).await;
    let new = stage.claim_one_as(token.process).await;
    is_fenced(&stage, token, "an older claim of the same process does not hold").await;
    stage.applied(new, KEEP).await;
}

/// A token of another process does not hold. Cancel safe.
pub async fn another_process_may_not_settle(stage: Stage) {
    let execution = stage.claimed().await;
    let token = ClaimToken::new(execution.token.job, TWO, execution.token.claim);
    is_fenced(&stage, token, "the job is held by another process").await;
    stage.applied(execution, FINISH).await;
}

/// A number that was never given out does not hold. Cancel safe.
pub async fn a_claim_number_that_was_never_given_out_does_not_hold(stage: Stage) {
    let execution = stage.claimed().await;
    for claim in [execution.token.claim - 1, execution.token.claim + 1, 0, i64::MIN, i64::MAX] {
        is_fenced(
            &stage,
            ClaimToken::new(execution.token.job, execution.token.process, claim),
            "the number of the claim is another",
        )
        .await;
    }
    stage.applied(execution, FINISH).await;
}

/// A job the store does not have is stale. Cancel safe.
pub async fn an_unknown_job_is_stale(stage: Stage) {
    let token = ClaimToken::new(JobId::from_bytes([9; 16]), ONE, 1);
    is_fenced(&stage, token, "there is no such job").await;
}

/// What was not claimed cannot be settled. Cancel safe.
pub async fn a_job_that_nobody_claimed_cannot_be_settled(stage: Stage) {
    let ready = stage.put_one().await;
    let waiting = stage.put_later(secs(60)).await;
    for (job, state) in [(ready, State::Ready), (waiting, State::Scheduled)] {
        for claim in [0, 1] {
            is_fenced(&stage, ClaimToken::new(job, ONE, claim), "nobody claimed it").await;
            is_fenced(&stage, ClaimToken::new(job, ProcessId::new(0), claim), "nobody claimed it").await;
        }
        stage.is(job, state, "it is not touched").await;
    }
}

/// A settled execution cannot be settled again, whatever it came to. Cancel safe.
pub async fn a_settled_execution_cannot_be_settled_again(stage: Stage) {
    for decision in decisions() {
        let words = format!("after {decision:?} the token no longer holds");
        stage.put(stage.job_with(|job| job.priority = 1)).await;
        let execution = stage.claim_one().await;
        let token = execution.token;
        stage.applied(execution, decision).await;
        is_fenced(&stage, token, &words).await;
    }
}

/// A token that stands twice in a batch is obeyed once. Cancel safe.
pub async fn the_first_of_two_settlements_in_a_batch_counts(stage: Stage) {
    let execution = stage.claimed().await;
    let (id, token) = (execution.id(), execution.token);
    let settled = stage.settle_all(&[Settlement::new(token, KEEP), Settlement::new(token, fail())]).await;
    assert_eq!(settled, [Settled::Applied, Settled::Stale], "the first of two counts");
    stage.is(id, State::Finished, "the second did not touch it").await;
}

/// What a stopped process held is fenced from it. Cancel safe.
pub async fn what_a_stopped_process_gave_back_is_fenced_from_it(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let execution = stage.claimed().await;
    let _pulse = stage.beat_in(ONE, Phase::Stopped).await;
    is_fenced(&stage, execution.token, "the process gave it back").await;
    assert_eq!(stage.claim_one_as(TWO).await.id(), execution.id(), "it is ready for others");
}

/// What was failed as poisonous is fenced from its last holder. Cancel safe.
pub async fn a_poisoned_job_is_fenced_from_its_last_holder(stage: Stage) {
    let execution = stage.claimed().await;
    let poisoned = stage.recover_with(1).await.poisoned;
    assert_eq!(poisoned, [execution.id()], "one crash is one too many here");
    is_fenced(&stage, execution.token, "it was failed as poisonous").await;
    stage.is(execution.id(), State::Failed, "and stays failed").await;
}
