//! When a job that holds a unique key lets others in.

use std::time::Duration;

use jobs_core::{Decision, ProcessStatus, Settled, State, Unique};

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, KEEP, ONE, SILENCE, TWO, fail, just_under, retry_in, secs};
use crate::contract::unique_keys::keys::{DONE, START};

/// An hour, however the job ends.
const HOUR: Unique = Unique::lasting(secs(3600));

/// The first claim frees a key until start.
pub async fn a_key_until_start_is_free_after_the_first_claim(fixture: Fixture) {
    let first = fixture.put_unique(START).await;
    let execution = fixture.claim_one().await;
    assert_eq!(execution.id(), first, "it is claimed");
    let second = fixture.lets_in(START, "the first was claimed").await;
    fixture.keeps_out(second, START, "the second waits").await;
    fixture.applied(execution, KEEP).await;
    fixture.keeps_out(second, START, "the end of the first gives nothing back that it does not hold").await;
}

/// A freed key is not taken back: not by a retry, a release, a continuation or a recovery.
pub async fn a_key_until_start_is_never_taken_back(fixture: Fixture) {
    let put_off = Decision::Continue { wait: secs(60), meta: None };
    for decision in [retry_in(secs(60)), put_off, Decision::Release] {
        let words = format!("it was claimed before: {decision:?}");
        fixture.put_unique(START).await;
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
        fixture.lets_in(START, &words).await;
        drain(&fixture).await;
    }
    let _pulse = fixture.beat(ONE).await;
    fixture.put_unique(START).await;
    fixture.claim_one().await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready.len(), 1, "its process is dead");
    fixture.lets_in(START, "it was claimed before it was recovered").await;
}

/// A key until done is held while the job runs and while it waits for another attempt.
pub async fn a_key_until_done_is_held_during_retries(fixture: Fixture) {
    let first = fixture.put_unique(DONE).await;
    let put_off = Decision::Continue { wait: secs(60), meta: None };
    for decision in [retry_in(secs(60)), put_off, Decision::Release] {
        let words = format!("{decision:?}");
        let execution = fixture.claim_one().await;
        fixture.keeps_out(first, DONE, "it runs").await;
        fixture.applied(execution, decision).await;
        fixture.keeps_out(first, DONE, &words).await;
        fixture.advance(secs(60));
        let _dispatched = fixture.dispatch(10).await;
        fixture.keeps_out(first, DONE, &words).await;
    }
}

/// And while it lies with a process that died, and after it was taken from it.
pub async fn a_key_until_done_is_held_during_a_crash(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let first = fixture.put_unique(DONE).await;
    fixture.claim_one().await;
    fixture.advance(SILENCE + secs(1));
    fixture.keeps_out(first, DONE, "its process is silent").await;
    assert_eq!(fixture.recover().await.ready, [first], "its process is dead");
    fixture.keeps_out(first, DONE, "it is ready again").await;
    let _pulse = fixture.beat(TWO).await;
    fixture.claim_one_as(TWO).await;
    let _pulse = fixture.beat_in(TWO, ProcessStatus::Stopped).await;
    fixture.keeps_out(first, DONE, "the next process gave it back").await;
}

/// Every end of a job lets others in.
pub async fn a_key_until_done_is_free_after_every_end(fixture: Fixture) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let words = format!("{decision:?}");
        fixture.put_unique(DONE).await;
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
        let second = fixture.lets_in(DONE, &words).await;
        fixture.keeps_out(second, DONE, "the second is there").await;
        drain(&fixture).await;
    }
    fixture.put_unique(DONE).await;
    fixture.claim_one().await;
    assert_eq!(fixture.recover_with(1).await.poisoned.len(), 1, "one crash is one too many here");
    fixture.lets_in(DONE, "it was failed as poisonous").await;
}

/// So do the ends in settlements that claim at the same time.
pub async fn settle_and_claim_frees_the_key_of_a_done_job(fixture: Fixture) {
    for decision in [FINISH, KEEP, fail()] {
        fixture.put_unique(DONE).await;
        let settlement = fixture.claim_one().await.settle(decision);
        let claim = jobs_core::Claim::all(ONE, 1);
        let (settled, claimed) =
            fixture.store().settle_and_claim(&[settlement], &claim).await.expect("the store settles and claims");
        assert_eq!((settled, claimed.len()), (vec![Settled::Applied], 0), "it ended");
        fixture.lets_in(DONE, "it ended").await;
        drain(&fixture).await;
    }
}

/// A stale settlement, of a worker that was recovered, does not free the key.
pub async fn a_stale_settlement_frees_no_key(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let first = fixture.put_unique(DONE).await;
    let old = fixture.claim_one().await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [first], "its process is dead");
    let present = fixture.claim_one_as(TWO).await;
    let token = old.token;
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let settled = fixture.settle_all(&[jobs_core::Settlement::new(token, decision)]).await;
        assert_eq!(settled, [Settled::Stale], "the job has another holder");
        fixture.keeps_out(first, DONE, "the job runs").await;
    }
    fixture.applied(present, KEEP).await;
    fixture.lets_in(DONE, "the holder finished it").await;
}

/// The end of a job leaves the key to the one that holds it by now.
pub async fn the_end_of_an_earlier_job_keeps_the_key_of_a_later_one(fixture: Fixture) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        fixture.put_unique(START).await;
        let earlier = fixture.claim_one().await;
        let later = fixture.lets_in(DONE, "the earlier was claimed").await;
        fixture.applied(earlier, decision).await;
        fixture.keeps_out(later, DONE, "the later holds it").await;
        drain(&fixture).await;
    }
}

/// A hold for a time ends by the store's clock, at that very moment, and not before.
pub async fn a_key_for_a_time_is_freed_by_the_clock(fixture: Fixture) {
    let first = fixture.put_unique(HOUR).await;
    fixture.keeps_out(first, HOUR, "it was enqueued now").await;
    fixture.advance(just_under(secs(3600)));
    fixture.keeps_out(first, HOUR, "not an hour has passed").await;
    fixture.advance(Duration::from_micros(1));
    let second = fixture.lets_in(HOUR, "an hour has passed").await;
    fixture.keeps_out(second, HOUR, "the hour of the second has begun").await;
}

/// The key is held until its time is over, however the job ended.
pub async fn a_key_for_a_time_outlives_its_job(fixture: Fixture) {
    for decision in [FINISH, KEEP, fail(), Decision::Discard { error: None }] {
        let words = format!("an hour counts from the enqueue: {decision:?}");
        let first = fixture.put_unique(HOUR).await;
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
        fixture.keeps_out(first, HOUR, &words).await;
        if let Some(manage) = fixture.manage() {
            manage.prune(secs(0), 100).await.expect("the store prunes");
            fixture.keeps_out(first, HOUR, "also after its job was forgotten").await;
        }
        fixture.advance(secs(3600));
        fixture.lets_in(HOUR, "an hour has passed").await;
        drain(&fixture).await;
        fixture.advance(secs(3600));
    }
}

/// Of an event and a time, what comes first lets others in.
pub async fn an_event_or_a_time_frees_the_key_whichever_is_first(fixture: Fixture) {
    let both = DONE.for_at_most(secs(60));
    let first = fixture.put_unique(both).await;
    let running = fixture.claim_one().await;
    fixture.advance(secs(59));
    fixture.keeps_out(first, both, "neither has come").await;
    fixture.advance(secs(1));
    let second = fixture.lets_in(both, "the minute is over, though the job runs").await;
    fixture.applied(running, KEEP).await;
    fixture.keeps_out(second, both, "the second holds it").await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, KEEP).await;
    fixture.lets_in(both, "the second is done, though its minute is not over").await;
}

/// The greatest time does not overflow.
pub async fn the_greatest_time_does_not_overflow(fixture: Fixture) {
    let ever = Unique::lasting(Duration::MAX);
    let first = fixture.put_unique(ever).await;
    let execution = fixture.claim_one().await;
    fixture.applied(execution, KEEP).await;
    fixture.advance(secs(1_000_000));
    fixture.keeps_out(first, ever, "it has not passed").await;
}

/// Pruning keeps the keys that are held and deletes those that are free.
pub async fn pruning_keeps_unique_keys(fixture: Fixture) {
    let Some(manage) = fixture.manage() else { return };
    let waiting = fixture.put_unique(DONE).await;
    let timed = fixture.put(fixture.unique(HOUR, "b")).await;
    manage.prune(secs(0), 100).await.expect("the store prunes");
    fixture.keeps_out(waiting, DONE, "it waits").await;
    fixture.advance(secs(3600));
    manage.prune(secs(0), 100).await.expect("the store prunes");
    fixture.keeps_out(waiting, DONE, "it still waits").await;
    fixture.is(timed, State::Ready, "only its hold is over").await;
    fixture.put(fixture.unique(HOUR, "b")).await;
}

/// Finishes all that is there. What waits for its time is due then.
async fn drain(fixture: &Fixture) {
    fixture.advance(secs(60));
    let _dispatched = fixture.dispatch(100).await;
    for execution in fixture.claim(100).await {
        fixture.applied(execution, FINISH).await;
    }
}
