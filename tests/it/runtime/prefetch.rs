//! Prefetched jobs that a worker cannot begin go to other workers.

use std::sync::LazyLock;

use jobs::State;
use jobs::prelude::*;
use tokio::sync::Semaphore;

use crate::fixture::{Fixture, id};

static GATE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(0));

/// The job with number 0 blocks its slot until the gate is opened; the others are quick.
#[job]
async fn maybe_block(number: u32) -> Result<(), std::io::Error> {
    if number == 0 {
        GATE.acquire().await.map_err(std::io::Error::other)?.forget();
    }
    Ok(())
}

#[tokio::test]
async fn jobs_claimed_ahead_of_a_job_that_blocks_are_run_by_another_worker() {
    let fixture = Fixture::new();
    let one_place = || fixture.builder(jobs::jobs![MaybeBlock]).worker(Worker::new(["*"]).concurrency(1));
    let first = one_place().build().await.unwrap();
    let jobs = first.client();
    // Quick ones first, so that the worker claims ahead at their rate; then one that blocks, then more quick ones.
    let numbers = (1..=500).chain([0]).chain(501..=1000);
    let answers = jobs.perform_all_later(numbers.map(MaybeBlock::new)).await.unwrap();
    let first = first.start().await.unwrap();
    let blocking = id(answers[500]);
    fixture.saw(blocking, |event| matches!(event, jobs::Event::PerformStarted(_))).await;

    let second = one_place().build().await.unwrap().start().await.unwrap();
    for answer in answers.iter().filter(|answer| id(**answer) != blocking) {
        let record = fixture.reaches(id(*answer), State::Finished).await;
        assert_eq!(record.attempts, 1, "what was given back counted no attempt");
    }
    assert_eq!(fixture.record(blocking).await.state, State::Claimed);
    GATE.add_permits(1);
    fixture.reaches(blocking, State::Finished).await;
    second.stop().await;
    first.stop().await;
}
