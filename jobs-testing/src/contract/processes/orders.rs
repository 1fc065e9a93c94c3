//! Processes learn what a person asks of them.

use jobs_core::{HeartbeatReply, Process, ProcessId, ProcessOrder, ProcessStatus};

use crate::contract::Fixture;
use crate::contract::fixture::{ONE, SILENCE, TWO, secs};

async fn order(fixture: &Fixture, process: ProcessId, order: ProcessOrder) -> bool {
    let orders = fixture.store().process_orders().expect("the case requires it");
    orders.order(process, order).await.expect("the store takes orders")
}

async fn beat_as(fixture: &Fixture, phase: ProcessStatus) -> HeartbeatReply {
    let mut process = Process::new(ONE, "one", "host", 1);
    process.phase = phase;
    fixture.store().heartbeat(&process).await.expect("the store records a heartbeat")
}

/// A process learns of an order with each heartbeat until it has followed it, and others do not.
pub async fn a_process_learns_what_it_is_asked_until_it_has_done_it(fixture: Fixture) {
    let (_one, _two) = (fixture.beat(ONE).await, fixture.beat(TWO).await);
    assert!(order(&fixture, ONE, ProcessOrder::Quiet).await, "it is new");
    assert!(!order(&fixture, ONE, ProcessOrder::Quiet).await, "it is asked already");
    for time in 1..=2 {
        let reply = beat_as(&fixture, ProcessStatus::Running).await;
        assert_eq!(reply, HeartbeatReply::Asked(ProcessOrder::Quiet), "told for the {time}. time");
    }
    assert_eq!(fixture.beat(TWO).await, HeartbeatReply::Alive, "another process is asked nothing");
    assert_eq!(beat_as(&fixture, ProcessStatus::Quiet).await, HeartbeatReply::Alive, "it is quiet now");
}

/// A stop is more than quiet, and quiet after a stop is nothing new.
pub async fn a_quiet_process_is_asked_to_stop(fixture: Fixture) {
    let _alive = beat_as(&fixture, ProcessStatus::Quiet).await;
    assert!(!order(&fixture, ONE, ProcessOrder::Quiet).await, "it is quiet");
    assert!(order(&fixture, ONE, ProcessOrder::Stop).await, "it is new");
    assert!(!order(&fixture, ONE, ProcessOrder::Quiet).await, "it stops");
    let reply = beat_as(&fixture, ProcessStatus::Quiet).await;
    assert_eq!(reply, HeartbeatReply::Asked(ProcessOrder::Stop), "it is told");
    assert_eq!(beat_as(&fixture, ProcessStatus::Stopped).await, HeartbeatReply::Alive, "it has stopped");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "a new start is asked nothing");
}

/// A process that was taken for dead still learns what it was asked, after it was told that its jobs were recovered.
pub async fn an_order_outlasts_a_silence(fixture: Fixture) {
    let _alive = fixture.beat(ONE).await;
    assert!(order(&fixture, ONE, ProcessOrder::Stop).await, "it is new");
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [ONE], "it seems dead");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::WasRecovered, "it is told so first");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Asked(ProcessOrder::Stop), "it is still asked");
}

/// A process that is not registered cannot be asked.
pub async fn an_unknown_process_takes_no_orders(fixture: Fixture) {
    assert!(!order(&fixture, ONE, ProcessOrder::Stop).await, "it was never known");
    let _alive = fixture.beat(ONE).await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [ONE], "it is dead");
    assert!(!order(&fixture, ONE, ProcessOrder::Stop).await, "a dead process is not known");
}
