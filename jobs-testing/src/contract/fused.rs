//! Settling and claiming in one go is settling, then claiming.

use jobs_core::{Claim, ClaimToken, Decision, Execution, QueueSelector, Settled, Settlement, State};

use crate::contract::Stage;
use crate::contract::stage::{FINISH, KEEP, ONE, SILENCE, TWO, fail, ids, ids_of, retry_in, secs};

async fn fused(stage: &Stage, settlements: &[Settlement], claim: &Claim) -> (Vec<Settled>, Vec<Execution>) {
    stage.store().settle_and_claim(settlements, claim).await.expect("the store settles and claims")
}

/// Both happen, and both are answered. Cancel safe.
pub async fn what_is_settled_is_written_and_the_next_jobs_are_given(stage: Stage) {
    let jobs = stage.jobs(4);
    let _stored = stage.enqueue(&jobs).await;
    let held = stage.claim(2).await;
    let settlements: Vec<_> = held.into_iter().map(|execution| execution.settle(KEEP)).collect();
    let (settled, next) = fused(&stage, &settlements, &Claim::all(ONE, 10)).await;
    assert_eq!(settled, [Settled::Applied, Settled::Applied], "both are written");
    assert_eq!(ids(&next), ids_of(&jobs)[2..], "the next jobs are given");
    assert_eq!((next[0].attempt, next[0].token.process), (1, ONE), "as by a claim");
    stage.is(jobs[0].id, State::Finished, "the first is finished").await;
    stage.is(jobs[2].id, State::Claimed, "the third is claimed").await;
}

/// The settlements come first: what they release can be claimed in the same call. Cancel safe.
pub async fn a_job_released_in_it_can_be_claimed_in_it(stage: Stage) {
    let execution = stage.claimed().await;
    let old = execution.token;
    let (settled, next) = fused(&stage, &[execution.settle(Decision::Release)], &Claim::all(TWO, 1)).await;
    assert_eq!((settled, ids(&next)), (vec![Settled::Applied], vec![old.job]), "settled first, then claimed");
    assert_eq!((next[0].attempt, next[0].token.process), (1, TWO), "the release counted no attempt");
    assert!(next[0].token.claim > old.claim, "it is another claim");
}

/// A released job is claimed by its place, before younger ones. Cancel safe.
pub async fn a_job_released_in_it_keeps_its_place(stage: Stage) {
    let jobs = stage.jobs(3);
    let _stored = stage.enqueue(&jobs).await;
    let first = stage.claim_one().await;
    let (_, next) = fused(&stage, &[first.settle(Decision::Release)], &Claim::all(ONE, 2)).await;
    assert_eq!(ids(&next), ids_of(&jobs)[..2], "at its old place");
}

/// A job that is retried in it is not ready yet. Cancel safe.
pub async fn a_job_retried_in_it_waits_for_a_dispatch(stage: Stage) {
    for decision in [retry_in(secs(0)), Decision::Continue { wait: secs(0), meta: None }] {
        let execution = stage.claimed().await;
        let id = execution.id();
        let (settled, next) = fused(&stage, &[execution.settle(decision)], &Claim::all(ONE, 10)).await;
        assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "it is scheduled, however short its wait");
        assert_eq!(stage.dispatch(10).await.ready, 1, "it is due");
        let again = stage.claim_one().await;
        assert_eq!(again.id(), id, "and runs again");
        stage.applied(again, FINISH).await;
    }
}

/// What is done in it is not given again. Cancel safe.
pub async fn a_job_done_in_it_is_not_given_again(stage: Stage) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let words = format!("{decision:?}");
        let execution = stage.claimed().await;
        let (settled, next) = fused(&stage, &[execution.settle(decision)], &Claim::all(ONE, 10)).await;
        assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "after {words} nothing is ready");
    }
}

/// Tokens that do not hold are fenced in it, and stop nothing else. Cancel safe.
pub async fn a_stale_token_in_it_stops_nothing_else(stage: Stage) {
    let jobs = stage.jobs(4);
    let _stored = stage.enqueue(&jobs).await;
    let tokens: Vec<ClaimToken> = stage.claim(3).await.iter().map(|execution| execution.token).collect();
    let wrong = [
        ClaimToken::new(tokens[1].job, tokens[1].process, tokens[1].claim + 1),
        ClaimToken::new(tokens[1].job, TWO, tokens[1].claim),
    ];
    let settlements = [tokens[0], wrong[0], wrong[1], tokens[2]].map(|token| Settlement::new(token, KEEP));
    let (settled, next) = fused(&stage, &settlements, &Claim::all(ONE, 10)).await;
    let expected = [Settled::Applied, Settled::Stale, Settled::Stale, Settled::Applied];
    assert_eq!(settled, expected, "answers stand in the order of the settlements");
    assert_eq!(ids(&next), [jobs[3].id], "the claim goes on");
    stage.is(jobs[1].id, State::Claimed, "the fenced job is not touched").await;
}

/// A process that was given up can still claim in it, but not settle. Cancel safe.
pub async fn a_process_given_up_settles_nothing_in_it(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let old = stage.claimed().await;
    let id = old.id();
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.ready, [id], "its process is dead");
    let (settled, next) = fused(&stage, &[old.settle(FINISH)], &Claim::all(ONE, 10)).await;
    assert_eq!((settled, ids(&next)), (vec![Settled::Stale], vec![id]), "fenced, and then claimed anew");
    assert_eq!(next[0].attempt, 2, "as another attempt");
}

/// A token that stands twice in it counts once. Cancel safe.
pub async fn the_first_of_two_settlements_in_it_counts(stage: Stage) {
    let execution = stage.claimed().await;
    let token = execution.token;
    let twice = [KEEP, Decision::Release].map(|decision| Settlement::new(token, decision));
    let (settled, next) = fused(&stage, &twice, &Claim::all(ONE, 10)).await;
    assert_eq!((settled, next.len()), (vec![Settled::Applied, Settled::Stale], 0), "the first of two counts");
}

/// With a limit of zero it only settles. Cancel safe.
pub async fn with_a_limit_of_zero_it_only_settles(stage: Stage) {
    let held = stage.claimed().await;
    let waiting = stage.put_one().await;
    let (settled, next) = fused(&stage, &[held.settle(FINISH)], &Claim::all(ONE, 0)).await;
    assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "it settles and claims nothing");
    assert_eq!(ids(&stage.claim(10).await), [waiting], "the waiting job was not touched");
}

/// Without a selector it only settles. Cancel safe.
pub async fn without_a_selector_it_only_settles(stage: Stage) {
    let held = stage.claimed().await;
    stage.put_one().await;
    let claim = Claim::new(ONE, Vec::new(), 10);
    let (settled, next) = fused(&stage, &[held.settle(FINISH)], &claim).await;
    assert_eq!((settled, next.len()), (vec![Settled::Applied], 0), "it settles and claims nothing");
}

/// Without settlements it only claims. Cancel safe.
pub async fn without_settlements_it_only_claims(stage: Stage) {
    let held = stage.claimed().await;
    let id = stage.put_one().await;
    let (settled, next) = fused(&stage, &[], &Claim::all(ONE, 10)).await;
    assert_eq!((settled.len(), ids(&next)), (0, vec![id]), "it claims and settles nothing");
    stage.applied(held, FINISH).await;
    let (settled, next) = fused(&stage, &[], &Claim::all(ONE, 0)).await;
    assert_eq!((settled.len(), next.len()), (0, 0), "with neither it does nothing");
}

/// Its claim goes by selectors, as any claim. Cancel safe.
pub async fn its_claim_goes_by_selectors(stage: Stage) {
    let [low, _other, high] =
        [stage.put_into("low").await, stage.put_into("other").await, stage.put_into("high").await];
    let exact = |queue: &str| QueueSelector::Exact(queue.to_owned());
    let claim = Claim::new(ONE, vec![exact("high"), exact("low")], 5);
    assert_eq!(ids(&fused(&stage, &[], &claim).await.1), [high, low], "selectors are served in their order");
}

/// A worker that does nothing else works everything off. Cancel safe.
pub async fn a_worker_works_everything_off_by_it_alone(stage: Stage) {
    let jobs = stage.jobs(50);
    let _stored = stage.enqueue(&jobs).await;
    let (mut settlements, mut seen) = (Vec::new(), Vec::new());
    loop {
        let (settled, next) = fused(&stage, &settlements, &Claim::all(ONE, 3)).await;
        assert_eq!(settled, vec![Settled::Applied; settlements.len()], "each is written");
        if next.is_empty() {
            break;
        }
        seen.extend(ids(&next));
        settlements = next.into_iter().map(|execution| execution.settle(FINISH)).collect();
    }
    assert_eq!(seen, ids_of(&jobs), "each job once, in order");
}
