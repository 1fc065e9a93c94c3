//! Only the holder of the present token changes a claimed job.

use jobs_core::{ClaimToken, Decision, JobId, ProcessId, ProcessStatus, Settled, Settlement, State};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, KEEP, ONE, SILENCE, TWO, fail, retry_in, secs};

/// Each decision there is.
fn decisions() -> Vec<Decision> {
    let discard = Decision::Discard { error: None };
    let put_off = Decision::Continue { wait: secs(1), meta: None };
    vec![FINISH, KEEP, retry_in(secs(1)), put_off, fail(), discard, Decision::Release]
}

/// Tries every decision under a token that must not hold.
async fn is_fenced(fixture: &Fixture, token: ClaimToken, promise: &str) {
    for decision in decisions() {
        let words = format!("{promise}: {decision:?}");
        let settled = fixture.settle_all(&[Settlement::new(token, decision)]).await;
        assert_eq!(settled, [Settled::Stale], "{words}");
    }
}

/// A process whose job was recovered can no longer settle it.
pub async fn a_recovered_job_is_fenced_from_its_old_process(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let execution = fixture.claimed().await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [execution.id()], "its process is dead");
    is_fenced(&fixture, execution.token, "a recovered job is ready and cannot be settled").await;
    fixture.is(execution.id(), State::Ready, "it is not touched").await;
}

/// Nor after another process claimed it.
pub async fn a_job_claimed_again_is_fenced_from_its_old_claim(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let old = fixture.claimed().await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [old.id()], "its process is dead");
    let new = fixture.claim_one_as(TWO).await;
    is_fenced(&fixture, old.token, "the job has another holder").await;
    fixture.applied(new, KEEP).await;
}

/// Nor if the same process claimed it again.
pub async fn an_older_claim_of_the_same_process_is_fenced(fixture: Fixture) {
    let old = fixture.claimed().await;
    let token = old.token;
    fixture.applied(old, Decision::Release).await;
    let new = fixture.claim_one_as(token.process).await;
    is_fenced(&fixture, token, "an older claim of the same process does not hold").await;
    fixture.applied(new, KEEP).await;
}

/// A token of another process does not hold.
pub async fn another_process_may_not_settle(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let token = ClaimToken::new(execution.token.job, TWO, execution.token.claim);
    is_fenced(&fixture, token, "the job is held by another process").await;
    fixture.applied(execution, FINISH).await;
}

/// A number that was never given out does not hold.
pub async fn a_claim_number_that_was_never_issued_is_stale(fixture: Fixture) {
    let execution = fixture.claimed().await;
    for claim in [execution.token.claim - 1, execution.token.claim + 1, 0, i64::MIN, i64::MAX] {
        is_fenced(
            &fixture,
            ClaimToken::new(execution.token.job, execution.token.process, claim),
            "the number of the claim is another",
        )
        .await;
    }
    fixture.applied(execution, FINISH).await;
}

/// A job the store does not have is stale.
pub async fn an_unknown_job_is_stale(fixture: Fixture) {
    let token = ClaimToken::new(JobId::from_bytes([9; 16]), ONE, 1);
    is_fenced(&fixture, token, "there is no such job").await;
}

/// An unclaimed job cannot be settled.
pub async fn an_unclaimed_job_cannot_be_settled(fixture: Fixture) {
    let ready = fixture.put_one().await;
    let waiting = fixture.put_later(secs(60)).await;
    for (job, state) in [(ready, State::Ready), (waiting, State::Scheduled)] {
        for claim in [0, 1] {
            is_fenced(&fixture, ClaimToken::new(job, ONE, claim), "it was not claimed").await;
            is_fenced(&fixture, ClaimToken::new(job, ProcessId::new(0), claim), "it was not claimed").await;
        }
        fixture.is(job, state, "it is not touched").await;
    }
}

/// A settled execution cannot be settled again, whatever the decision was.
pub async fn a_settled_execution_cannot_be_settled_again(fixture: Fixture) {
    for decision in decisions() {
        let words = format!("after {decision:?} the token no longer holds");
        fixture.put(fixture.job_with(|job| job.priority = 1)).await;
        let execution = fixture.claim_one().await;
        let token = execution.token;
        fixture.applied(execution, decision).await;
        is_fenced(&fixture, token, &words).await;
    }
}

/// A token that stands twice in a batch is obeyed once.
pub async fn of_two_settlements_in_a_batch_the_first_is_written(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let (id, token) = (execution.id(), execution.token);
    let settled = fixture.settle_all(&[Settlement::new(token, KEEP), Settlement::new(token, fail())]).await;
    assert_eq!(settled, [Settled::Applied, Settled::Stale], "the first of two counts");
    fixture.is(id, State::Finished, "the second did not touch it").await;
}

/// Jobs that a stopped process held are fenced from it.
pub async fn jobs_released_by_a_stop_are_fenced_from_the_process(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let execution = fixture.claimed().await;
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    is_fenced(&fixture, execution.token, "the process gave it back").await;
    assert_eq!(fixture.claim_one_as(TWO).await.id(), execution.id(), "it is ready for others");
}

/// A job that failed as poison is fenced from its last process.
pub async fn a_poisoned_job_is_fenced_from_its_last_process(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let poisoned = fixture.recover_with(1).await.poisoned;
    assert_eq!(poisoned, [execution.id()], "one crash is one too many here");
    is_fenced(&fixture, execution.token, "it was failed as poisonous").await;
    fixture.is(execution.id(), State::Failed, "and stays failed").await;
}
