//! When a job that holds a unique key lets others in.

use std::time::Duration;

use jobs_core::{Decision, Phase, Settled, State, Unique};

use crate::contract::Stage;
use crate::contract::keys::{DONE, START};
use crate::contract::stage::{FINISH, KEEP, ONE, SILENCE, TWO, fail, just_under, retry_in, secs};

/// An hour, whatever becomes of the job.
const HOUR: Unique = Unique::lasting(secs(3600));

/// The first claim ends a hold until the start. Cancel safe.
pub async fn until_the_start_the_first_claim_lets_others_in(stage: Stage) {
    let first = stage.put_unique(START).await;
    let execution = stage.claim_one().await;
    assert_eq!(execution.id(), first, "it is claimed");
    let second = stage.lets_in(START, "the first was claimed").await;
    stage.keeps_out(second, START, "the second waits").await;
    stage.applied(execution, KEEP).await;
    stage.keeps_out(second, START, "the end of the first gives nothing back that it does not hold").await;
}

/// What was let go is not taken back: not by a retry, a release, a postponement or a recovery. Cancel safe.
pub async fn until_the_start_nothing_takes_a_key_back(stage: Stage) {
    let put_off = Decision::Continue { wait: secs(60), meta: None };
    for decision in [retry_in(secs(60)), put_off, Decision::Release] {
        let words = format!("it was claimed before: {decision:?}");
        stage.put_unique(START).await;
        let execution = stage.claim_one().await;
        stage.applied(execution, decision).await;
        stage.lets_in(START, &words).await;
        drain(&stage).await;
    }
    let _pulse = stage.beat(ONE).await;
    stage.put_unique(START).await;
    stage.claim_one().await;
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.ready.len(), 1, "its process is dead");
    stage.lets_in(START, "it was claimed before it was recovered").await;
}

/// Until the end a job keeps others out while it runs and while it waits for another attempt. Cancel safe.
pub async fn until_the_end_a_job_keeps_others_out_through_its_retries(stage: Stage) {
    let first = stage.put_unique(DONE).await;
    let put_off = Decision::Continue { wait: secs(60), meta: None };
    for decision in [retry_in(secs(60)), put_off, Decision::Release] {
        let words = format!("{decision:?}");
        let execution = stage.claim_one().await;
        stage.keeps_out(first, DONE, "it runs").await;
        stage.applied(execution, decision).await;
        stage.keeps_out(first, DONE, &words).await;
        stage.advance(secs(60));
        let _dispatched = stage.dispatch(10).await;
        stage.keeps_out(first, DONE, &words).await;
    }
}

/// And while it lies with a process that died, and after it was taken from it. Cancel safe.
pub async fn until_the_end_a_job_keeps_others_out_through_a_crash(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let first = stage.put_unique(DONE).await;
    stage.claim_one().await;
    stage.advance(SILENCE + secs(1));
    stage.keeps_out(first, DONE, "its process is silent").await;
    assert_eq!(stage.recover().await.ready, [first], "its process is dead");
    stage.keeps_out(first, DONE, "it is ready again").await;
    let _pulse = stage.beat(TWO).await;
    stage.claim_one_as(TWO).await;
    let _pulse = stage.beat_in(TWO, Phase::Stopped).await;
    stage.keeps_out(first, DONE, "the next process gave it back").await;
}

/// Every end of a job lets others in. Cancel safe.
pub async fn until_the_end_every_end_lets_others_in(stage: Stage) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let words = format!("{decision:?}");
        stage.put_unique(DONE).await;
        let execution = stage.claim_one().await;
        stage.applied(execution, decision).await;
        let second = stage.lets_in(DONE, &words).await;
        stage.keeps_out(second, DONE, "the second is there").await;
        drain(&stage).await;
    }
    stage.put_unique(DONE).await;
    stage.claim_one().await;
    assert_eq!(stage.recover_with(1).await.poisoned.len(), 1, "one crash is one too many here");
    stage.lets_in(DONE, "it was failed as poisonous").await;
}

/// So do the ends in settlements that claim at the same time. Cancel safe.
pub async fn an_end_in_a_fused_call_lets_others_in(stage: Stage) {
    for decision in [FINISH, KEEP, fail()] {
        stage.put_unique(DONE).await;
        let settlement = stage.claim_one().await.settle(decision);
        let claim = jobs_core::Claim::all(ONE, 1);
        let (settled, claimed) =
            stage.store().settle_and_claim(&[settlement], &claim).await.expect("the store settles and claims");
        assert_eq!((settled, claimed.len()), (vec![Settled::Applied], 0), "it ended");
        stage.lets_in(DONE, "it ended").await;
        drain(&stage).await;
    }
}

/// A worker that was thought dead lets nobody in. Cancel safe.
pub async fn a_stale_worker_lets_nobody_in(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let first = stage.put_unique(DONE).await;
    let old = stage.claim_one().await;
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.ready, [first], "its process is dead");
    let present = stage.claim_one_as(TWO).await;
    let token = old.token;
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let settled = stage.settle_all(&[jobs_core::Settlement::new(token, decision)]).await;
        assert_eq!(settled, [Settled::Stale], "the job has another holder");
        stage.keeps_out(first, DONE, "the job runs").await;
    }
    stage.applied(present, KEEP).await;
    stage.lets_in(DONE, "the holder finished it").await;
}

/// The end of a job leaves the key to the one that holds it by now. Cancel safe.
pub async fn the_end_of_an_earlier_job_leaves_the_key_to_the_later(stage: Stage) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        stage.put_unique(START).await;
        let earlier = stage.claim_one().await;
        let later = stage.lets_in(DONE, "the earlier was claimed").await;
        stage.applied(earlier, decision).await;
        stage.keeps_out(later, DONE, "the later holds it").await;
        drain(&stage).await;
    }
}

/// A hold for a time ends by the store's clock, at that very moment, and not before. Cancel safe.
pub async fn a_hold_for_a_time_ends_by_the_clock(stage: Stage) {
    let first = stage.put_unique(HOUR).await;
    stage.keeps_out(first, HOUR, "it was enqueued now").await;
    stage.advance(just_under(secs(3600)));
    stage.keeps_out(first, HOUR, "not an hour has passed").await;
    stage.advance(Duration::from_micros(1));
    let second = stage.lets_in(HOUR, "an hour has passed").await;
    stage.keeps_out(second, HOUR, "the hour of the second has begun").await;
}

/// It outlives its job, whatever became of it. Cancel safe.
pub async fn a_hold_for_a_time_outlives_its_job(stage: Stage) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let words = format!("an hour counts from the enqueue: {decision:?}");
        let first = stage.put_unique(HOUR).await;
        let execution = stage.claim_one().await;
        stage.applied(execution, decision).await;
        stage.keeps_out(first, HOUR, &words).await;
        if let Some(manage) = stage.manage() {
            manage.prune(secs(0), 100).await.expect("the store prunes");
            stage.keeps_out(first, HOUR, "also after its job was forgotten").await;
        }
        stage.advance(secs(3600));
        stage.lets_in(HOUR, "an hour has passed").await;
        drain(&stage).await;
        stage.advance(secs(3600));
    }
}

/// Of an event and a time, what comes first lets others in. Cancel safe.
pub async fn of_an_event_and_a_time_the_first_lets_others_in(stage: Stage) {
    let both = DONE.and_lasting(secs(60));
    let first = stage.put_unique(both).await;
    let running = stage.claim_one().await;
    stage.advance(secs(59));
    stage.keeps_out(first, both, "neither has come").await;
    stage.advance(secs(1));
    let second = stage.lets_in(both, "the minute is over, though the job runs").await;
    stage.applied(running, KEEP).await;
    stage.keeps_out(second, both, "the second holds it").await;
    let execution = stage.claim_one().await;
    stage.applied(execution, KEEP).await;
    stage.lets_in(both, "the second is done, though its minute is not over").await;
}

/// The greatest time does not overflow. Cancel safe.
pub async fn the_greatest_time_does_not_overflow(stage: Stage) {
    let ever = Unique::lasting(Duration::MAX);
    let first = stage.put_unique(ever).await;
    let execution = stage.claim_one().await;
    stage.applied(execution, KEEP).await;
    stage.advance(secs(1_000_000));
    stage.keeps_out(first, ever, "it has not passed").await;
}

/// Pruning lets nobody in that is kept out, and forgets what is over. Cancel safe.
pub async fn pruning_leaves_holds_as_they_are(stage: Stage) {
    let Some(manage) = stage.manage() else { return };
    let waiting = stage.put_unique(DONE).await;
    let timed = stage.put(stage.unique(HOUR, "b")).await;
    manage.prune(secs(0), 100).await.expect("the store prunes");
    stage.keeps_out(waiting, DONE, "it waits").await;
    stage.advance(secs(3600));
    manage.prune(secs(0), 100).await.expect("the store prunes");
    stage.keeps_out(waiting, DONE, "it still waits").await;
    stage.is(timed, State::Ready, "only its hold is over").await;
    stage.put(stage.unique(HOUR, "b")).await;
}

/// Finishes all that is there. What waits for its time is due then.
async fn drain(stage: &Stage) {
    stage.advance(secs(60));
    let _dispatched = stage.dispatch(100).await;
    for execution in stage.claim(100).await {
        stage.applied(execution, FINISH).await;
    }
}
