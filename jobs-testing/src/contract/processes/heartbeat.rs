//! Processes show that they live.

use std::thread;

use jobs_core::{HeartbeatReply, Process, ProcessId, ProcessStatus, State};
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::contract::Fixture;
use crate::contract::fixture::{FINISH, ONE, SILENCE, TWO, ids, just_under, secs};

/// The processes that are known, if the store can be inspected.
async fn known(fixture: &Fixture) -> Option<Vec<(ProcessId, ProcessStatus)>> {
    let found = fixture.inspect()?.processes().await.expect("the store shows processes");
    Some(found.into_iter().map(|record| (record.process.id, record.process.phase)).collect())
}

/// A process that was recovered learns it at its next heartbeat, once.
pub async fn a_recovered_process_learns_it_once(fixture: Fixture) {
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "a new process is alive");
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [ONE], "it was silent for too long");
    fixture.advance(secs(1));
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::WasRecovered, "it learns that it was recovered");
    if let Some(inspect) = fixture.inspect() {
        let known = inspect.processes().await.expect("the store lists processes");
        assert_eq!(known[0].started_at, fixture.now(), "it is seen anew");
    }
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "once");
    assert!(fixture.recover().await.processes.is_empty(), "it is known again");
}

/// A silent process that was not given up yet is simply alive.
pub async fn silence_before_any_recovery_is_forgiven(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let execution = fixture.claimed().await;
    fixture.advance(SILENCE * 10);
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "it was not recovered");
    assert!(fixture.recover().await.ready.is_empty(), "it keeps what it holds");
    fixture.applied(execution, FINISH).await;
}

/// A process that was revived can be given up again.
pub async fn a_process_can_be_recovered_again(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    for time in 1..=3 {
        let execution = if time == 1 { fixture.claimed().await } else { fixture.claim_one().await };
        fixture.advance(SILENCE + secs(1));
        assert_eq!(fixture.recover_with(10).await.ready, [execution.id()], "given up for the {time}. time");
        assert_eq!(fixture.beat(ONE).await, HeartbeatReply::WasRecovered, "revived for the {time}. time");
    }
}

/// A process that was never known was not given up.
pub async fn the_first_heartbeat_is_not_a_revival(fixture: Fixture) {
    let id = fixture.claimed().await.id();
    assert_eq!(fixture.recover().await.ready, [id], "its process is unknown");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "it had not been known");
}

/// A sender of heartbeats works while the runtime in which the store was opened stands still. A store need not have one.
pub async fn a_sender_of_heartbeats_needs_no_other_runtime(fixture: Fixture) {
    let store = fixture.handle();
    if store.heartbeats().is_none() {
        return;
    }
    let job = fixture.claimed().await.id();
    let process = Process::new(ONE, "worker", "host", 7);
    let mut stopped = process.clone();
    stopped.phase = ProcessStatus::Stopped;
    let send = async move {
        let sender = store.heartbeats().expect("the store has heartbeats").sender();
        let mut replies = Vec::new();
        for process in [&process, &process, &stopped] {
            replies.push(timeout(secs(20), sender.heartbeat(process)).await.expect("it waits for no other runtime"));
        }
        replies
    };
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
    // This blocks the thread of the test.
    let replies = thread::spawn(move || runtime.block_on(send)).join().expect("the sender does not panic");
    for reply in replies {
        assert_eq!(reply.expect("the store takes it"), HeartbeatReply::Alive);
    }
    assert_eq!(fixture.claim_one().await.id(), job, "the stop released its job");
    assert_eq!(known(&fixture).await.unwrap_or_default(), [], "and the process is forgotten");
}

/// A status is shown. It only goes on: one that a store keeps orders in goes back for no heartbeat.
pub async fn the_status_of_a_process_is_shown(fixture: Fixture) {
    for phase in [ProcessStatus::Running, ProcessStatus::Running, ProcessStatus::Quiet, ProcessStatus::Quiet] {
        assert_eq!(fixture.beat_in(ONE, phase).await, HeartbeatReply::Alive, "it is known");
        assert!(known(&fixture).await.is_none_or(|known| known == [(ONE, phase)]), "it is shown as {phase:?}");
    }
}

/// A quiet process keeps and settles what it holds.
pub async fn a_quiet_process_keeps_its_jobs(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let execution = fixture.claimed().await;
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Quiet).await;
    fixture.advance(SILENCE);
    assert!(fixture.recover().await.ready.is_empty(), "a quiet process is alive");
    fixture.applied(execution, FINISH).await;
}

/// A stopped process is forgotten.
pub async fn a_stopped_process_is_forgotten(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let _pulse = fixture.beat(TWO).await;
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    assert!(
        known(&fixture).await.is_none_or(|known| known == [(TWO, ProcessStatus::Running)]),
        "only the other is known"
    );
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [TWO], "a stopped process is not recovered");
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "it may begin again as new");
}

/// A process may say twice that it stopped.
pub async fn a_repeated_stop_does_no_harm(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let id = fixture.claimed().await.id();
    for _ in 0..2 {
        let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
        fixture.is(id, State::Ready, "what it held is ready").await;
    }
    let again = fixture.claim_one_as(TWO).await;
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    assert_eq!(again.attempt, 1, "no attempt is counted, none twice taken back");
    fixture.applied(again, FINISH).await;
}

/// A process that stops gives back only what is its own.
pub async fn a_stopped_process_releases_only_its_own_jobs(fixture: Fixture) {
    let _stored = fixture.enqueue(&fixture.jobs(4)).await;
    let mine = ids(&fixture.claim_as(ONE, 2).await);
    let others = fixture.claim_as(TWO, 2).await;
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    assert_eq!(ids(&fixture.claim_as(TWO, 10).await), mine, "its own jobs are ready, at their place");
    for execution in others {
        fixture.applied(execution, FINISH).await;
    }
}

/// A process that never beat may stop.
pub async fn a_process_without_a_heartbeat_may_stop(fixture: Fixture) {
    let id = fixture.claimed().await.id();
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    assert_eq!(ids(&fixture.claim_as(TWO, 10).await), [id], "what it held is ready");
}

/// A clock that was set back kills no living process.
pub async fn a_clock_set_back_kills_no_living_process(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let execution = fixture.claimed().await;
    fixture.set_back(secs(3600));
    for _ in 0..5 {
        assert!(fixture.recover().await.processes.is_empty(), "a heartbeat from a time to come is no silence");
        assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "it beats by the new time");
        fixture.advance(just_under(SILENCE));
    }
    fixture.applied(execution, FINISH).await;
}

/// Nor does it keep a dead one alive.
pub async fn a_clock_set_back_hides_no_dead_process(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let id = fixture.claimed().await.id();
    fixture.set_back(secs(3600));
    assert!(fixture.recover().await.ready.is_empty(), "its silence counts from now");
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [id], "not from the time to come");
}
