//! A call whose answer was lost may be repeated.

use jobs_core::{HeartbeatReply, ProcessStatus, Settled, Settlement, State};

use crate::contract::Fixture;
use crate::contract::fixture::{KEEP, ONE, SILENCE, TWO, ids, ids_of, retry_in, secs};

/// A settlement that is repeated is stale and changes nothing.
pub async fn a_repeated_settlement_changes_nothing(fixture: Fixture) {
    let execution = fixture.claimed().await;
    let id = execution.id();
    let settlement = execution.settle(retry_in(secs(30)));
    let once = std::slice::from_ref(&settlement);
    assert_eq!(fixture.settle_all(once).await, [Settled::Applied], "the first time it is written");
    let before = fixture.find(id).await;
    fixture.advance(secs(10));
    for _ in 0..3 {
        assert_eq!(fixture.settle_all(once).await, [Settled::Stale], "then the token no longer holds");
    }
    assert_eq!(fixture.find(id).await, before, "no second error, no other time");
}

/// A batch of which a part was written before is completed.
pub async fn a_partly_settled_batch_is_completed(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(4)).await;
    let batch: Vec<Settlement> = fixture.claim(4).await.into_iter().map(|execution| execution.settle(KEEP)).collect();
    assert_eq!(fixture.settle_all(&batch[1..3]).await, [Settled::Applied; 2], "a part is written");
    let expected = [Settled::Applied, Settled::Stale, Settled::Stale, Settled::Applied];
    assert_eq!(fixture.settle_all(&batch).await, expected, "the rest is written");
    for settlement in &batch {
        fixture.is(settlement.token.job, State::Finished, "all are finished").await;
    }
}

/// Repeated heartbeats register one process.
pub async fn repeated_heartbeats_register_one_process(fixture: Fixture) {
    for _ in 0..3 {
        assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "it is alive");
    }
    let Some(inspect) = fixture.inspect() else { return };
    assert_eq!(inspect.processes().await.expect("the store shows processes").len(), 1, "it is known once");
}

/// Jobs of a claim whose answer was lost come back when the process stops.
pub async fn jobs_of_a_lost_claim_come_back_with_a_stop(fixture: Fixture) {
    let jobs = fixture.jobs(6);
    let _stored = fixture.enqueue(&jobs).await;
    let _pulse = fixture.beat(ONE).await;
    drop(fixture.claim(3).await);
    let second = fixture.claim(10).await;
    assert_eq!(ids(&second), ids_of(&jobs)[3..], "a repeated claim gives others");
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    let all = fixture.claim_as(TWO, 10).await;
    assert_eq!(ids(&all), ids_of(&jobs), "all come back");
    assert!(all.iter().all(|execution| execution.attempt == 1), "no attempt is counted");
}

/// Jobs of a claim whose answer was lost come back with a recovery.
pub async fn jobs_of_a_lost_claim_come_back_with_a_recovery(fixture: Fixture) {
    let jobs = fixture.jobs(3);
    let _stored = fixture.enqueue(&jobs).await;
    let _pulse = fixture.beat(ONE).await;
    drop(fixture.claim(3).await);
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready.len(), 3, "its process is dead");
    assert_eq!(ids(&fixture.claim_as(TWO, 10).await), ids_of(&jobs), "all come back");
}
