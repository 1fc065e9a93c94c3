//! Processes show that they live; the jobs of the dead come back.

use jobs_core::{Decision, HeartbeatReply, ProcessStatus, Recovered, Recovery, State};

use crate::contract::Fixture;
use crate::contract::fixture::states::JobsInAllStates;
use crate::contract::fixture::{KEEP, ONE, SILENCE, TWO, ids, just_under, retry_in, secs};

/// The jobs of a process that is silent for too long are ready again.
pub async fn the_jobs_of_a_silent_process_are_ready_again(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let id = fixture.claimed().await.id();
    fixture.advance(SILENCE + secs(1));
    let recovered = fixture.recover().await;
    assert_eq!((recovered.processes, recovered.ready), (vec![ONE], vec![id]), "the recovery says what it did");
    let again = fixture.claim_one_as(TWO).await;
    assert_eq!(again.id(), id, "the job is ready");
    fixture.is_attempt(again.attempt, 2, 1, "the lost attempt counts");
}

/// A process that beats keeps its jobs.
pub async fn a_process_that_sends_heartbeats_keeps_its_jobs(fixture: Fixture) {
    assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "a first heartbeat makes a process known");
    let execution = fixture.claimed().await;
    for _ in 0..5 {
        fixture.advance(just_under(SILENCE));
        assert_eq!(fixture.beat(ONE).await, HeartbeatReply::Alive, "a living process learns that it is alive");
        assert!(fixture.recover().await.ready.is_empty(), "a process that beats keeps its jobs");
    }
    fixture.applied(execution, KEEP).await;
}

/// Silence of exactly the limit is not too long.
pub async fn silence_of_exactly_the_limit_is_tolerated(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    fixture.claimed().await;
    fixture.advance(SILENCE);
    assert!(fixture.recover().await.processes.is_empty(), "only longer silence is death");
}

/// A stopped process gives back what it holds.
pub async fn a_stopped_process_releases_its_jobs(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let id = fixture.claimed().await.id();
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    let again = fixture.claim_one_as(TWO).await;
    assert_eq!((again.id(), again.attempt), (id, 1), "the job is ready at once, and no attempt is counted");
}

/// A job whose processes crash too often fails as poison.
pub async fn a_job_whose_process_crashed_too_often_fails_as_poison(fixture: Fixture) {
    let id = fixture.put_one().await;
    for crash in 1..=3 {
        let _pulse = fixture.beat(ONE).await;
        assert_eq!(ids(&fixture.claim(1).await), [id], "the job is claimed for crash {crash}");
        fixture.advance(SILENCE + secs(1));
        let recovered = fixture.recover().await;
        let expected = if crash < 3 { (vec![id], vec![]) } else { (vec![], vec![id]) };
        assert_eq!((recovered.ready, recovered.poisoned), expected, "after crash {crash} of 3");
    }
    fixture.is(id, State::Failed, "a poisonous job is failed").await;
    assert!(fixture.claim(10).await.is_empty(), "it does not run again");
}

/// The jobs of an unknown process are ready again.
pub async fn the_jobs_of_an_unknown_process_are_ready_again(fixture: Fixture) {
    let id = fixture.claimed().await.id();
    assert_eq!(fixture.recover().await.ready, [id], "a process without a heartbeat is not alive");
    let again = fixture.claim_one_as(TWO).await;
    assert_eq!(again.id(), id, "the job is ready");
    fixture.is_attempt(again.attempt, 2, 1, "the lost attempt counts");
    fixture.shows(id, "and so does the crash", |record| record.crashes == 1).await;
}

/// Only the silent lose their jobs.
pub async fn only_silent_processes_lose_their_jobs(fixture: Fixture) {
    for process in [ONE, TWO] {
        let _pulse = fixture.beat(process).await;
    }
    let _stored = fixture.enqueue(&fixture.jobs(4)).await;
    let (dead, alive) = (ids(&fixture.claim_as(ONE, 2).await), fixture.claim_as(TWO, 2).await);
    fixture.advance(SILENCE);
    let _pulse = fixture.beat(TWO).await;
    fixture.advance(secs(1));
    let recovered = fixture.recover().await;
    assert_eq!((recovered.processes, recovered.ready), (vec![ONE], dead), "only the silent one's");
    for execution in alive {
        fixture.applied(execution, KEEP).await;
    }
}

/// A repeated recovery does nothing.
pub async fn a_repeated_recovery_does_nothing(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let id = fixture.claimed().await.id();
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.ready, [id], "its process is dead");
    for _ in 0..3 {
        assert_eq!(fixture.recover().await, Recovered::default(), "there is nothing more to do");
    }
    fixture.shows(id, "one crash is counted once", |record| record.crashes == 1).await;
    fixture.is_attempt(fixture.claim_one().await.attempt, 2, 1, "one attempt was lost");
}

/// Nothing is recovered while all processes are alive.
pub async fn nothing_is_recovered_without_a_crash(fixture: Fixture) {
    assert_eq!(fixture.recover().await, Recovered::default(), "an empty store has nothing to recover");
    let _pulse = fixture.beat(ONE).await;
    let states = JobsInAllStates::new(&fixture).await;
    assert_eq!(fixture.recover().await, Recovered::default(), "no process died");
    for (state, id) in states.all() {
        fixture.is(id, state, "nothing was touched").await;
    }
}

/// Only what the dead held comes back.
pub async fn a_recovery_leaves_jobs_in_other_states(fixture: Fixture) {
    let states = JobsInAllStates::new(&fixture).await;
    assert_eq!(fixture.recover().await.ready, [states.claimed.id()], "its process is unknown");
    for (state, id) in states.all().into_iter().filter(|(state, _)| *state != State::Claimed) {
        fixture.is(id, state, "no process held it").await;
    }
}

/// A process that was given up is no longer shown.
pub async fn a_recovered_process_is_forgotten(fixture: Fixture) {
    let Some(inspect) = fixture.inspect() else { return };
    let _pulse = fixture.beat(ONE).await;
    fixture.advance(SILENCE + secs(1));
    assert_eq!(fixture.recover().await.processes, [ONE], "also one that held nothing");
    assert!(inspect.processes().await.expect("the store shows processes").is_empty(), "it is not shown");
}

/// A crash under one process and one under another are two.
pub async fn crashes_of_any_process_are_counted(fixture: Fixture) {
    let id = fixture.put_one().await;
    for (process, crashes) in [(ONE, 1), (TWO, 2)] {
        let execution = fixture.claim_one_as(process).await;
        assert_eq!(execution.crashes, crashes - 1, "an execution has the number of crashes before it");
        assert_eq!(fixture.recover().await.ready, [id], "its process is not known");
        fixture.shows(id, "crashes add up", |record| record.crashes == crashes).await;
    }
    fixture.claim_one_as(ONE).await;
    assert_eq!(fixture.recover().await.poisoned, [id], "the third is one too many");
}

/// Attempts that end otherwise are no crashes.
pub async fn only_a_lost_process_is_counted_as_a_crash(fixture: Fixture) {
    let id = fixture.put_one().await;
    for decision in [Decision::Release, retry_in(secs(0)), Decision::Release, retry_in(secs(0))] {
        let execution = fixture.claim_one().await;
        fixture.applied(execution, decision).await;
        let _dispatched = fixture.dispatch(10).await;
    }
    let _pulse = fixture.beat(ONE).await;
    fixture.claim_one().await;
    let _pulse = fixture.beat_in(ONE, ProcessStatus::Stopped).await;
    fixture.shows(id, "no process died under it", |record| record.crashes == 0).await;
}

/// A limit of one fails a job at its first crash.
pub async fn a_crash_limit_of_one_allows_no_crash(fixture: Fixture) {
    let id = fixture.claimed().await.id();
    assert_eq!(fixture.recover_with(1).await.poisoned, [id], "one crash is one too many");
    fixture
        .shows(id, "failed, held by no process", |record| (record.state, record.claimed_by) == (State::Failed, None))
        .await;
}

/// With the longest silence, no known process is recovered.
pub async fn the_longest_silence_recovers_no_process(fixture: Fixture) {
    let _pulse = fixture.beat(ONE).await;
    let execution = fixture.claimed().await;
    fixture.advance(secs(1_000_000_000));
    let patient = Recovery::new(std::time::Duration::MAX, 1);
    let recovered = fixture.store().recover(&patient).await.expect("the store recovers");
    assert_eq!(recovered, Recovered::default(), "no process is silent for that long");
    fixture.applied(execution, KEEP).await;
}
