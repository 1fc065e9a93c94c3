//! Processes show that they live; the jobs of the dead come back.

use jobs_core::{Phase, Pulse, State};

use crate::contract::Stage;
use crate::contract::stage::{KEEP, ONE, SILENCE, TWO, ids, secs};

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
        stage.advance(SILENCE - secs(1));
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
