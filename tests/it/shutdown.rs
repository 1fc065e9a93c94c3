//! Stopping in order.

use std::sync::LazyLock;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State, Worker};
use tokio::sync::Semaphore;

use crate::setup::{World, id};

static GATE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(0));

/// Runs until the gate is opened.
#[job]
async fn wait_at_gate() -> Result<(), std::io::Error> {
    GATE.acquire().await.map_err(std::io::Error::other)?.forget();
    Ok(())
}

/// Runs until the process wants to stop.
#[job]
async fn listen(ctx: &Context) -> Result<(), std::io::Error> {
    ctx.cancelled().await;
    Ok(())
}

/// Never ends by itself.
#[job]
async fn hang() -> Result<(), std::io::Error> {
    std::future::pending().await
}

#[tokio::test]
async fn stopping_waits_for_what_runs_and_gives_back_what_was_not_begun() {
    let world = World::new();
    let builder = world.builder(jobs::jobs![WaitAtGate]).worker(Worker::new(["*"]).threads(1));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let first = id(WaitAtGate::perform_later().on(&running.jobs()).await.unwrap());
    world.saw(first, |event| matches!(event, Event::PerformStarted(_))).await;
    let second = id(WaitAtGate::perform_later().on(&running.jobs()).await.unwrap());
    let (stopped, ()) = tokio::join!(running.stop(), async {
        world.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
        GATE.add_permits(1);
    });
    let () = stopped;
    assert_eq!(world.record(first).await.state, State::Finished);
    let back = world.record(second).await;
    assert_eq!((back.state, back.attempts), (State::Ready, 0), "no attempt is counted");
    assert_eq!(world.inspect().processes().await.unwrap(), [], "the process said goodbye");
}

#[tokio::test]
async fn a_job_can_ask_whether_the_process_wants_to_stop() {
    let world = World::new();
    let running = world.start(jobs::jobs![Listen]).await;
    let id = id(Listen::perform_later().on(&running.jobs()).await.unwrap());
    world.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    running.stop().await;
    assert_eq!(world.record(id).await.state, State::Finished);
}

#[tokio::test]
async fn a_job_that_outlasts_the_shutdown_timeout_is_given_back_without_counting_the_attempt() {
    let world = World::new();
    let builder = world.builder(jobs::jobs![Hang]).shutdown_timeout(Duration::from_millis(20));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Hang::perform_later().on(&running.jobs()).await.unwrap());
    world.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    running.stop().await;
    let back = world.record(id).await;
    assert_eq!((back.state, back.attempts), (State::Ready, 0));
}

#[tokio::test]
async fn a_quiet_runtime_claims_no_more() {
    let world = World::new();
    let running = world.start(jobs::jobs![Listen]).await;
    running.quiet();
    world.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
    let id = id(Listen::perform_later().on(&running.jobs()).await.unwrap());
    running.stop().await;
    assert_eq!(world.record(id).await.state, State::Ready);
}
