//! Processes show that they live; the jobs of the dead come back.

use jobs_core::{Decision, Phase, Pulse, Recovered, Recovery, State};

use crate::contract::Stage;
use crate::contract::stage::{KEEP, ONE, SILENCE, TWO, ids, just_under, retry_in, secs};
use crate::contract::world::World;

/// The jobs of a process that is silent for too long are ready again. Cancel safe.
pub async fn the_jobs_of_a_silent_process_are_ready_again(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let id = stage.claimed().await.id();
    stage.advance(SILENCE + secs(1));
    let recovered = stage.recover().await;
    assert_eq!((recovered.processes, recovered.ready), (vec![ONE], vec![id]), "the recovery says what it did");
    let again = stage.claim_one_as(TWO).await;
    assert_eq!((again.id(), again.attempt), (id, 2), "the job is ready, and the lost attempt counts");
}

/// A process that beats keeps its jobs. Cancel safe.
pub async fn a_process_that_beats_keeps_its_jobs(stage: Stage) {
    assert_eq!(stage.beat(ONE).await, Pulse::Alive, "a first heartbeat makes a process known");
    let execution = stage.claimed().await;
    for _ in 0..5 {
        stage.advance(just_under(SILENCE));
        assert_eq!(stage.beat(ONE).await, Pulse::Alive, "a living process is told so");
        assert!(stage.recover().await.ready.is_empty(), "a process that beats keeps its jobs");
    }
    stage.applied(execution, KEEP).await;
}

/// Silence of exactly the limit is not too long. Cancel safe.
pub async fn silence_of_exactly_the_limit_is_not_death(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    stage.claimed().await;
    stage.advance(SILENCE);
    assert!(stage.recover().await.processes.is_empty(), "only longer silence is death");
}

/// A stopped process gives back what it holds. Cancel safe.
pub async fn a_stopped_process_gives_back_what_it_holds(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let id = stage.claimed().await.id();
    let _pulse = stage.beat_in(ONE, Phase::Stopped).await;
    let again = stage.claim_one_as(TWO).await;
    assert_eq!((again.id(), again.attempt), (id, 1), "the job is ready at once, and no attempt is counted");
}

/// A job whose processes die too often is failed as poisonous. Cancel safe.
pub async fn a_job_that_lost_its_process_too_often_is_poisonous(stage: Stage) {
    let id = stage.put_one().await;
    for crash in 1..=3 {
        let _pulse = stage.beat(ONE).await;
        assert_eq!(ids(&stage.claim(1).await), [id], "the job is claimed for crash {crash}");
        stage.advance(SILENCE + secs(1));
        let recovered = stage.recover().await;
        let expected = if crash < 3 { (vec![id], vec![]) } else { (vec![], vec![id]) };
        assert_eq!((recovered.ready, recovered.poisoned), expected, "after crash {crash} of 3");
    }
    stage.is(id, State::Failed, "a poisonous job is failed").await;
    assert!(stage.claim(10).await.is_empty(), "it does not run again");
}

/// The jobs of a process that nobody knows are ready again. Cancel safe.
pub async fn the_jobs_of_an_unknown_process_are_ready_again(stage: Stage) {
    let id = stage.claimed().await.id();
    assert_eq!(stage.recover().await.ready, [id], "who never beat is not alive");
    let again = stage.claim_one_as(TWO).await;
    assert_eq!((again.id(), again.attempt), (id, 2), "the lost attempt counts");
    stage.shows(id, "and so does the crash", |record| record.crashes == 1).await;
}

/// Only the silent lose their jobs. Cancel safe.
pub async fn only_the_silent_lose_their_jobs(stage: Stage) {
    for process in [ONE, TWO] {
        let _pulse = stage.beat(process).await;
    }
    let _stored = stage.enqueue(&stage.jobs(4)).await;
    let (dead, alive) = (ids(&stage.claim_as(ONE, 2).await), stage.claim_as(TWO, 2).await);
    stage.advance(SILENCE);
    let _pulse = stage.beat(TWO).await;
    stage.advance(secs(1));
    let recovered = stage.recover().await;
    assert_eq!((recovered.processes, recovered.ready), (vec![ONE], dead), "only the silent one's");
    for execution in alive {
        stage.applied(execution, KEEP).await;
    }
}

/// A repeated recovery does nothing. Cancel safe.
pub async fn a_repeated_recovery_does_nothing(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let id = stage.claimed().await.id();
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.ready, [id], "its process is dead");
    for _ in 0..3 {
        assert_eq!(stage.recover().await, Recovered::default(), "there is nothing more to do");
    }
    stage.shows(id, "one crash is counted once", |record| record.crashes == 1).await;
    assert_eq!(stage.claim_one().await.attempt, 2, "one attempt was lost");
}

/// Where everybody lives there is nothing to recover. Cancel safe.
pub async fn nothing_is_recovered_where_nobody_died(stage: Stage) {
    assert_eq!(stage.recover().await, Recovered::default(), "an empty store has nothing to recover");
    let _pulse = stage.beat(ONE).await;
    let world = World::new(&stage).await;
    assert_eq!(stage.recover().await, Recovered::default(), "nobody died");
    for (state, id) in world.jobs() {
        stage.is(id, state, "nothing was touched").await;
    }
}

/// Only what the dead held comes back. Cancel safe.
pub async fn jobs_in_other_states_are_left_by_a_recovery(stage: Stage) {
    let world = World::new(&stage).await;
    assert_eq!(stage.recover().await.ready, [world.claimed.id()], "nobody knows its process");
    for (state, id) in world.jobs().into_iter().filter(|(state, _)| *state != State::Claimed) {
        stage.is(id, state, "nobody held it").await;
    }
}

/// A process that was given up is no longer shown. Cancel safe.
pub async fn a_process_that_was_given_up_is_forgotten(stage: Stage) {
    let Some(inspect) = stage.inspect() else { return };
    let _pulse = stage.beat(ONE).await;
    stage.advance(SILENCE + secs(1));
    assert_eq!(stage.recover().await.processes, [ONE], "also one that held nothing");
    assert!(inspect.processes().await.expect("the store shows processes").is_empty(), "it is not shown");
}

/// A crash under one process and one under another are two. Cancel safe.
pub async fn crashes_count_whoever_crashed(stage: Stage) {
    let id = stage.put_one().await;
    for (process, crashes) in [(ONE, 1), (TWO, 2)] {
        let execution = stage.claim_one_as(process).await;
        assert_eq!(execution.crashes, crashes - 1, "an execution tells of the crashes before it");
        assert_eq!(stage.recover().await.ready, [id], "its process is not known");
        stage.shows(id, "crashes add up", |record| record.crashes == crashes).await;
    }
    stage.claim_one_as(ONE).await;
    assert_eq!(stage.recover().await.poisoned, [id], "the third is one too many");
}

/// Attempts that end otherwise are no crashes. Cancel safe.
pub async fn only_a_lost_process_counts_as_a_crash(stage: Stage) {
    let id = stage.put_one().await;
    for decision in [Decision::Release, retry_in(secs(0)), Decision::Release, retry_in(secs(0))] {
        let execution = stage.claim_one().await;
        stage.applied(execution, decision).await;
        let _dispatched = stage.dispatch(10).await;
    }
    let _pulse = stage.beat(ONE).await;
    stage.claim_one().await;
    let _pulse = stage.beat_in(ONE, Phase::Stopped).await;
    stage.shows(id, "no process died under it", |record| record.crashes == 0).await;
}

/// A limit of one fails a job at its first crash. Cancel safe.
pub async fn a_crash_limit_of_one_forgives_nothing(stage: Stage) {
    let id = stage.claimed().await.id();
    assert_eq!(stage.recover_with(1).await.poisoned, [id], "one crash is one too many");
    stage
        .shows(id, "failed, held by nobody", |record| (record.state, record.claimed_by) == (State::Failed, None))
        .await;
}

/// The longest silence kills nobody who is known. Cancel safe.
pub async fn the_longest_silence_kills_nobody(stage: Stage) {
    let _pulse = stage.beat(ONE).await;
    let execution = stage.claimed().await;
    stage.advance(secs(1_000_000_000));
    let patient = Recovery::new(std::time::Duration::MAX, 1);
    let recovered = stage.store().recover(&patient).await.expect("the store recovers");
    assert_eq!(recovered, Recovered::default(), "nobody is silent for so long");
    stage.applied(execution, KEEP).await;
}
