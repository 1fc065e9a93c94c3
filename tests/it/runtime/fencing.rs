//! A worker that was recovered while it ran changes nothing.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State};
use tokio::sync::Semaphore;

use crate::fixture::{Fixture, id};

static GATE: OnceLock<Arc<Semaphore>> = OnceLock::new();

/// The first attempt waits at a gate, as a worker that is paused; later ones pass.
#[job]
async fn pause_at_first(ctx: &Context) -> Result<(), std::io::Error> {
    if ctx.attempt() == 1 {
        let gate = GATE.get_or_init(|| Arc::new(Semaphore::new(0)));
        gate.acquire().await.map_err(std::io::Error::other)?.forget();
        return Err(std::io::Error::other("the paused worker would fail the job"));
    }
    Ok(())
}

#[tokio::test]
async fn a_stale_worker_cannot_settle_a_job_that_was_recovered_and_finished_elsewhere() {
    let fixture = Fixture::new();
    let never = Duration::from_secs(3600);
    let paused = fixture
        .builder(jobs::jobs![PauseAtFirst])
        .heartbeat_interval(never)
        .dead_after(never * 2)
        .build()
        .await
        .unwrap();
    let paused = paused.start().await.unwrap();
    let id = id(PauseAtFirst::perform_later().on(&paused.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    paused.quiet();

    // No heartbeat of the first process comes; the second finds it silent.
    fixture.clock.advance(Duration::from_secs(120));
    let other = fixture
        .builder(jobs::jobs![PauseAtFirst])
        .heartbeat_interval(Duration::from_millis(10))
        .dead_after(Duration::from_secs(60));
    let other = other.build().await.unwrap().start().await.unwrap();
    let record = fixture.reaches(id, State::Finished).await;
    assert_eq!(record.attempts, 2, "the crashed attempt counts");

    GATE.get().expect("the job is at the gate").add_permits(1);
    fixture.recorder.wait_for(move |event| matches!(event, Event::Fenced(event) if event.job_id == id)).await;
    let after = fixture.record(id).await;
    let errors: Vec<_> = after.errors.iter().map(|error| (error.class.as_str(), error.attempt)).collect();
    let silent = [("jobs::ProcessDied", 1)];
    assert_eq!((after.state, &errors[..]), (State::Finished, &silent[..]), "the woken worker changed nothing");
    other.stop().await;
    paused.stop().await;
}
