//! Shutdown: graceful, forced, and by dropping the handle.

use std::sync::LazyLock;
use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State, Worker};
use tokio::sync::Semaphore;

use crate::fixture::{Fixture, id};

static GATE: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(0));

/// Runs until the gate is opened.
#[job]
async fn wait_at_gate() -> Result<(), std::io::Error> {
    GATE.acquire().await.map_err(std::io::Error::other)?.forget();
    Ok(())
}

/// Runs until the shutdown of the process begins.
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
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![WaitAtGate]).worker(Worker::new(["*"]).concurrency(1));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let first = id(WaitAtGate::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(first, |event| matches!(event, Event::PerformStarted(_))).await;
    let second = id(WaitAtGate::perform_later().on(&running.client()).await.unwrap());
    let (stopped, ()) = tokio::join!(running.stop(), async {
        fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
        GATE.add_permits(1);
    });
    let () = stopped;
    assert_eq!(fixture.record(first).await.state, State::Finished);
    let back = fixture.record(second).await;
    assert_eq!((back.state, back.attempts), (State::Ready, 0), "no attempt is counted");
    assert_eq!(fixture.inspect().processes().await.unwrap(), [], "the process said goodbye");
}

#[tokio::test]
async fn a_job_can_ask_whether_the_process_wants_to_stop() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Listen]).await;
    let id = id(Listen::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    running.stop().await;
    assert_eq!(fixture.record(id).await.state, State::Finished);
}

#[tokio::test]
async fn a_job_that_outlasts_the_shutdown_timeout_is_released_without_an_attempt() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Hang]).shutdown_timeout(Duration::from_millis(20));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let id = id(Hang::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    running.stop().await;
    let back = fixture.record(id).await;
    assert_eq!((back.state, back.attempts), (State::Ready, 0));
}

#[tokio::test]
async fn a_quiet_runtime_claims_no_more() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Listen]).await;
    running.quiet();
    fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
    let id = id(Listen::perform_later().on(&running.client()).await.unwrap());
    running.stop().await;
    assert_eq!(fixture.record(id).await.state, State::Ready);
}

static BLOCKED: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(0));

/// Swift, but for the two hundredth.
#[job]
async fn hurry(number: u32) -> Result<(), std::io::Error> {
    if number == 200 {
        BLOCKED.acquire().await.map_err(std::io::Error::other)?.forget();
    }
    Ok(())
}

#[tokio::test]
async fn jobs_claimed_ahead_and_not_begun_go_back_uncounted() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Hurry]).worker(Worker::new(["*"]).concurrency(1));
    let runtime = builder.build().await.unwrap();
    let answers = runtime.client().perform_all_later((0..2000).map(Hurry::new)).await.unwrap();
    let blocking = id(answers[200]);
    let running = runtime.start().await.unwrap();
    fixture.saw(blocking, |event| matches!(event, Event::PerformStarted(_))).await;
    let ((), ()) = tokio::join!(running.stop(), async {
        fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
        BLOCKED.add_permits(1);
    });
    let counts = fixture.inspect().counts().await.unwrap();
    assert_eq!((counts.of(State::Claimed), counts.total()), (0, 2000));
    assert!(counts.of(State::Finished) >= 201, "what was begun is finished");
    for answer in answers {
        let record = fixture.record(id(answer)).await;
        let expected = u32::from(record.state == State::Finished);
        assert_eq!(record.attempts, expected, "{:?}", record.state);
    }
}

#[tokio::test]
async fn a_second_stop_forces_what_the_first_one_waits_for() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Hang]).await;
    let id = id(Hang::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    tokio::join!(running.stop(), async {
        fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeQuieted(_))).await;
        running.stop_now().await;
    });
    let back = fixture.record(id).await;
    assert_eq!((back.state, back.attempts), (State::Ready, 0));
    assert!(
        fixture
            .recorder
            .events()
            .iter()
            .any(|event| matches!(event, Event::RuntimeStopped(event) if event.returned == 1)),
        "one went back"
    );
}

#[tokio::test]
async fn a_job_that_is_dropped_at_an_await_drops_what_it_held() {
    let fixture = Fixture::new();
    let held = std::sync::Arc::new(());
    let running =
        fixture.builder(jobs::jobs![Hold]).provide(held.clone()).build().await.unwrap().start().await.unwrap();
    let id = id(Hold::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    fixture.becomes(id, |_| std::sync::Arc::strong_count(&held) == 3).await;
    running.stop_now().await;
    assert_eq!(std::sync::Arc::strong_count(&held), 2, "the test and the runtime have one each");
}

/// Holds a provided value, and never ends.
#[job]
async fn hold(held: &std::sync::Arc<()>) -> Result<(), std::io::Error> {
    let held = held.clone();
    std::future::pending::<()>().await;
    drop(held);
    Ok(())
}

#[tokio::test]
async fn a_stopped_runtime_still_takes_jobs_for_the_next_one() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Listen, Hurry]).await;
    let jobs = running.client();
    running.stop().await;
    let id = id(Hurry::perform_later(1).on(&jobs).await.unwrap());
    assert_eq!(fixture.record(id).await.state, State::Ready);
    let next = fixture.start(jobs::jobs![Hurry]).await;
    fixture.reaches(id, State::Finished).await;
    next.stop().await;
}

#[tokio::test]
async fn a_handle_that_is_dropped_stops_its_runtime_in_order() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Listen]).await;
    let id = id(Listen::perform_later().on(&running.client()).await.unwrap());
    fixture.saw(id, |event| matches!(event, Event::PerformStarted(_))).await;
    drop(running);
    fixture.recorder.wait_for(|event| matches!(event, Event::RuntimeStopped(event) if event.returned == 0)).await;
    assert_eq!(fixture.record(id).await.state, State::Finished);
}
