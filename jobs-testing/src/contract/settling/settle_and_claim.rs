//! Settling and claiming in one go is settling, then claiming.

use jobs_core::{Claim, ClaimToken, Decision, Execution, QueueSelector, Settled, Settlement, State};

use crate::contract::fixture::{FINISH, KEEP, ONE, SILENCE, TWO, fail, ids, ids_of, retry_in, secs};
use crate::contract::{Fixture, Requirement};

async fn fused(fixture: &Fixture, settlements: &[Settlement], claim: &Claim) -> (Vec<Settled>, Vec<Execution>) {
    fixture.store().settle_and_claim(settlements, claim).await.expect("the store settles and claims")
}

/// Both happen, and both are answered.
pub async fn one_call_settles_and_claims_the_next_jobs(fixture: Fixture) {
    let jobs = fixture.jobs(4);
    let _stored = fixture.enqueue(&jobs).await;
    let held = fixture.claim(2).await;
    let settlements: Vec<_> = held.into_iter().map(|execution| execution.settle(KEEP)).collect();
    let (settled, next) = fused(&fixture, &settlements, &Claim::all(ONE, 10)).await;
    assert_eq!(settled, [Settled::Applied, Settled::Applied], "both are written");
    assert_eq!(ids(&next), ids_of(&jobs)[2..], "the next jobs are given");
    assert_eq!((next[0].attempt, next[0].token.process), (1, ONE), "as by a claim");
    fixture.is(jobs[0].id, State::Finished, "the first is finished").await;
    fixture.is(jobs[2].id, State::Claimed, "the third is claimed").await;
}

/// The settlements come first: what they release can be claimed in the same call.
pub async fn a_released_job_can_be_claimed_in_the_same_call(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let old = execution.token;
    let (settled, next) = fused(&fixture, &[execution.settle(Decision::Release)], &Claim::all(TWO, 1)).await;
    assert_eq!((settled, ids(&next)), (vec![Settled::Applied], vec![old.job]), "settled first, then claimed");
    assert_eq!((next[0].attempt, next[0].token.process), (1, TWO), "the release counted no attempt");
    assert!(next[0].token.claim != old.claim || !fixture.meets(Requirement::Fencing), "it is another claim");
}

/// A released job is claimed by its position, before younger ones.
pub async fn a_job_released_in_the_call_keeps_its_position(fixture: Fixture) {
    let jobs = fixture.jobs(3);
    let _stored = fixture.enqueue(&jobs).await;
    let first = fixture.claim_one().await;
    let (_, next) = fused(&fixture, &[first.settle(Decision::Release)], &Claim::all(ONE, 2)).await;
    assert_eq!(ids(&next), ids_of(&jobs)[..2], "at its old place");
}

/// A job that is retried in it is not ready yet.
pub async fn a_job_retried_in_the_call_waits_for_a_dispatch(fixture: Fixture) {
    for decision in [retry_in(secs(0)), Decision::Continue { wait: secs(0), meta: None }] {
        let execution = fixture.claimed().await;
        let id = execution.id();
        let (settled, next) = fused(&fixture, &[execution.settle(decision)], &Claim::all(ONE, 10)).await;
        assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "it is scheduled, however short its wait");
        assert_eq!(fixture.dispatch(10).await.ready, 1, "it is due");
        let again = fixture.claim_one().await;
        assert_eq!(again.id(), id, "and runs again");
        fixture.applied(again, FINISH).await;
    }
}

/// A job that is done in the call is not claimed again.
pub async fn a_job_done_in_the_call_is_not_claimed_again(fixture: Fixture) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let words = format!("{decision:?}");
        let execution = fixture.claimed().await;
        let (settled, next) = fused(&fixture, &[execution.settle(decision)], &Claim::all(ONE, 10)).await;
        assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "after {words} nothing is ready");
    }
}

/// Stale tokens in the call are refused, and stop nothing else.
pub async fn a_stale_token_in_the_call_stops_nothing_else(fixture: Fixture) {
    let jobs = fixture.jobs(4);
    let _stored = fixture.enqueue(&jobs).await;
    let tokens: Vec<ClaimToken> = fixture.claim(3).await.iter().map(|execution| execution.token).collect();
    let ClaimToken { job, process, claim, .. } = tokens[1];
    let wrong = [ClaimToken::new(job, process, claim + 1), ClaimToken::new(job, TWO, claim)];
    let settlements = [tokens[0], wrong[0], wrong[1], tokens[2]].map(|token| Settlement::new(token, KEEP));
    let (settled, next) = fused(&fixture, &settlements, &Claim::all(ONE, 10)).await;
    let expected = [Settled::Applied, Settled::Stale, Settled::Stale, Settled::Applied];
    assert_eq!(settled, expected, "answers stand in the order of the settlements");
    assert_eq!(ids(&next), [jobs[3].id], "the claim goes on");
    fixture.is(jobs[1].id, State::Claimed, "the fenced job is not touched").await;
}

/// A process that was given up can still claim in it, but not settle.
pub async fn a_recovered_process_settles_nothing_in_the_call(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let old = fixture.claimed().await;
    let id = old.id();
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [id], "its process is dead");
    let (settled, next) = fused(&fixture, &[old.settle(FINISH)], &Claim::all(ONE, 10)).await;
    assert_eq!((settled, ids(&next)), (vec![Settled::Stale], vec![id]), "fenced, and then claimed anew");
    fixture.is_attempt(next[0].attempt, 2, 1, "as another attempt");
}

/// A token that stands twice in it counts once.
pub async fn of_two_settlements_in_the_call_the_first_is_written(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let token = execution.token;
    let twice = [KEEP, Decision::Release].map(|decision| Settlement::new(token, decision));
    let (settled, next) = fused(&fixture, &twice, &Claim::all(ONE, 10)).await;
    assert_eq!((settled, next.len()), (vec![Settled::Applied, Settled::Stale], 0), "the first of two counts");
}

/// With a limit of zero it only settles.
pub async fn with_a_limit_of_zero_the_call_only_settles(fixture: Fixture) {
    let held = fixture.claimed().await;
    let waiting = fixture.put_one().await;
    let (settled, next) = fused(&fixture, &[held.settle(FINISH)], &Claim::all(ONE, 0)).await;
    assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "it settles and claims nothing");
    assert_eq!(ids(&fixture.claim(10).await), [waiting], "the waiting job was not touched");
}

/// Without a selector it only settles.
pub async fn without_a_selector_the_call_only_settles(fixture: Fixture) {
    let held = fixture.claimed().await;
    fixture.put_one().await;
    let claim = Claim::new(ONE, Vec::new(), 10);
    let (settled, next) = fused(&fixture, &[held.settle(FINISH)], &claim).await;
    assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "it settles and claims nothing");
}

/// Without settlements it only claims.
pub async fn without_settlements_the_call_only_claims(fixture: Fixture) {
    let held = fixture.claimed().await;
    let id = fixture.put_one().await;
    let (settled, next) = fused(&fixture, &[], &Claim::all(ONE, 10)).await;
    assert_eq!((settled.len(), ids(&next)), (0, vec![id]), "it claims and settles nothing");
    fixture.applied(held, FINISH).await;
    let (settled, next) = fused(&fixture, &[], &Claim::all(ONE, 0)).await;
    assert_eq!((settled.len(), next.len()), (0, 0), "with neither it does nothing");
}

/// Its claim goes by selectors, as any claim.
pub async fn the_call_claims_by_selectors(fixture: Fixture) {
    let [low, _other, high] =
        [fixture.put_into("low").await, fixture.put_into("other").await, fixture.put_into("high").await];
    let exact = |queue: &str| QueueSelector::Exact(queue.to_owned());
    let claim = Claim::new(ONE, vec![exact("high"), exact("low")], 5);
    assert_eq!(ids(&fused(&fixture, &[], &claim).await.1), [high, low], "selectors are served in their order");
}

/// A worker that does nothing else works everything off.
pub async fn a_worker_finishes_all_jobs_by_this_call_alone(fixture: Fixture) {
    let jobs = fixture.jobs(50);
    let _stored = fixture.enqueue(&jobs).await;
    let (mut settlements, mut seen) = (Vec::new(), Vec::new());
    loop {
        let (settled, next) = fused(&fixture, &settlements, &Claim::all(ONE, 3)).await;
        assert_eq!(settled, vec![Settled::Applied; settlements.len()], "each is written");
        if next.is_empty() {
            break;
        }
        seen.extend(ids(&next));
        settlements = next.into_iter().map(|execution| execution.settle(FINISH)).collect();
    }
    assert_eq!(seen, ids_of(&jobs), "each job once, in order");
}
