//! Loops of the process that panic are restarted, and a watchdog learns whether they make progress.

use std::time::Duration;

use jobs::prelude::*;
use jobs::{Event, State};
use tokio::task::yield_now;
use tokio::time::advance;

use crate::fixture::{Fixture, id};
use crate::observe::log_capture::Log;
use crate::runtime::broken_store::BrokenStore;

#[job]
async fn work() -> Result<(), std::io::Error> {
    Ok(())
}

#[tokio::test]
async fn a_worker_and_a_dispatcher_that_panic_are_restarted_with_a_log_line_and_an_event() {
    let log = Log::from(tracing::Level::ERROR);
    let mut fixture = Fixture::new();
    let store = BrokenStore::around(&mut fixture);
    store.panic_in_listeners(4);
    // Long enough that the dispatcher waits for a hint before its next call.
    let builder = fixture.builder(jobs::jobs![Work]).dispatch_interval(Duration::from_millis(100));
    let running = builder.build().await.unwrap().start().await.unwrap();
    let later = Duration::from_secs(1);
    let scheduled = id(Work::perform_later().wait(later).on(&running.client()).await.unwrap());
    let restarts = |name: &str| log.lines().iter().any(|line| line.contains(&format!("The {name} loop panicked")));
    let both_restart = async {
        while !(restarts("worker") && restarts("dispatcher")) {
            yield_now().await;
        }
    };
    let restarted = tokio::time::timeout(Duration::from_secs(20), both_restart).await;
    assert!(restarted.is_ok(), "{:#?}", log.lines());
    for name in ["worker", "dispatcher"] {
        let restarted = move |event: &Event| matches!(event, Event::LoopRestarted(event) if event.name == name);
        let Event::LoopRestarted(event) = fixture.recorder.wait_for(restarted).await else { unreachable!() };
        assert_eq!(event.after, Duration::from_millis(50), "the first wait");
        assert!(event.message.contains("the listener is broken"), "{event:?}");
    }
    fixture.clock.advance(later);
    fixture.reaches(scheduled, State::Finished).await;
    running.stop().await;
}

/// Lets every loop that can turn do so.
async fn turn_all_loops() {
    for _ in 0..100 {
        yield_now().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_process_is_responsive_while_its_loops_turn_however_long_it_idles() {
    let mut fixture = Fixture::new();
    let _store = BrokenStore::around(&mut fixture);
    let running = fixture.start(jobs::jobs![Work]).await;
    for _ in 0..5 {
        turn_all_loops().await;
        assert!(running.is_responsive());
        advance(Duration::from_secs(50)).await;
    }
    running.stop().await;
    advance(Duration::from_secs(500)).await;
    assert!(running.is_responsive(), "nothing of it is left that could stall");
}

#[tokio::test(start_paused = true)]
async fn a_process_whose_loop_waits_too_long_for_the_store_is_not_responsive() {
    let mut fixture = Fixture::new();
    let store = BrokenStore::around(&mut fixture);
    let builder = fixture.builder(jobs::jobs![Work]).dead_after(Duration::from_secs(30));
    let running = builder.build().await.unwrap().start().await.unwrap();
    store.hold(Some("dispatch"));
    // The dispatcher sleeps until its next call; from that on it waits for the store.
    advance(Duration::from_secs(1)).await;
    turn_all_loops().await;
    advance(Duration::from_secs(20)).await;
    turn_all_loops().await;
    assert!(running.is_responsive(), "a call may take long");
    advance(Duration::from_secs(20)).await;
    turn_all_loops().await;
    assert!(!running.is_responsive() && !running.client().is_responsive());
    assert_eq!(running.client().stalled_loops(), ["dispatcher"]);
    let stalls = || {
        let events = fixture.recorder.events().into_iter();
        let stalls = events.filter_map(|event| if let Event::LoopStalled(stall) = event { Some(stall) } else { None });
        stalls.map(|stall| (stall.name, stall.duration.as_secs())).collect::<Vec<_>>()
    };
    assert_eq!(stalls(), [("dispatcher", 40)], "it is reported once");
    for _ in 0..12 {
        advance(Duration::from_secs(5)).await;
        turn_all_loops().await;
    }
    assert_eq!(stalls(), [("dispatcher", 40), ("dispatcher", 80)], "and again when the time has doubled");
    store.hold(None);
    turn_all_loops().await;
    advance(Duration::from_secs(1)).await;
    turn_all_loops().await;
    assert!(running.is_responsive(), "it goes on");
    running.stop().await;
}
