//! Signals of the operating system.

use std::time::Duration;

use jobs::State;

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::{Grind, Hang, Linger, Listen, Orders, Rest};

/// A worker with one slot that runs until a signal.
fn orders(fixture: &Fixture) -> Orders {
    Orders { threads: 1, until_drained: false, ..fixture.orders() }
}

async fn stops_in_order_at(signal: &str) {
    let fixture = Fixture::new().await;
    let running = id(Listen::perform_later().on(&fixture.jobs).await.unwrap());
    let mut worker = Process::start(&orders(&fixture));
    worker.says(1, "@perform_start listen").await;
    let waiting = id(Rest::perform_later().on(&fixture.jobs).await.unwrap());
    worker.signal(signal);
    worker.succeeds().await;
    assert!(worker.has_said("@stop 0 given back"));
    assert_eq!(fixture.record(running).await.state, State::Finished, "what runs is waited for");
    let record = fixture.record(waiting).await;
    assert_eq!((record.state, record.attempts), (State::Ready, 0), "what waits is left for others");
    assert!(fixture.inspect().processes().await.unwrap().is_empty(), "it said goodbye");
}

#[tokio::test]
async fn sigterm_waits_for_running_jobs_and_the_process_succeeds() {
    stops_in_order_at("TERM").await;
}

#[tokio::test]
async fn sigint_waits_for_running_jobs_and_the_process_succeeds() {
    stops_in_order_at("INT").await;
}

#[tokio::test]
async fn a_second_signal_releases_running_jobs_and_the_process_succeeds() {
    for (first, second) in [("TERM", "TERM"), ("INT", "TERM"), ("TERM", "INT")] {
        let fixture = Fixture::new().await;
        let hanging = id(Hang::perform_later().on(&fixture.jobs).await.unwrap());
        let mut worker = Process::start(&Orders { shutdown: Duration::from_secs(3600), ..orders(&fixture) });
        worker.says(1, "@perform_start hang").await;
        worker.signal(first);
        worker.says(1, "@quiet").await;
        assert!(worker.is_alive(), "it waits for what runs");
        worker.signal(second);
        worker.succeeds().await;
        assert!(worker.has_said("@stop 1 given back"));
        let record = fixture.record(hanging).await;
        assert_eq!((record.state, record.attempts, record.crashes), (State::Ready, 0, 0));
    }
}

#[tokio::test]
async fn a_second_signal_ends_the_process_also_while_a_blocking_job_hangs() {
    let fixture = Fixture::new().await;
    let grinding = id(Grind::perform_later(1).on(&fixture.jobs).await.unwrap());
    let mut worker = Process::start(&orders(&fixture));
    worker.says(1, "@grinding").await;
    worker.signal("TERM");
    worker.says(1, "@quiet").await;
    worker.signal("TERM");
    worker.says(1, "@stop 1 given back").await;
    let record = fixture.record(grinding).await;
    assert_eq!((record.state, record.attempts), (State::Ready, 0));
    worker.succeeds().await;
}

#[tokio::test]
async fn a_job_that_outlasts_the_shutdown_timeout_is_released_and_the_process_succeeds() {
    let fixture = Fixture::new().await;
    let hanging = id(Hang::perform_later().on(&fixture.jobs).await.unwrap());
    let mut worker = Process::start(&Orders { shutdown: Duration::from_millis(50), ..orders(&fixture) });
    worker.says(1, "@perform_start hang").await;
    worker.signal("TERM");
    worker.succeeds().await;
    let record = fixture.record(hanging).await;
    assert_eq!((record.state, record.attempts), (State::Ready, 0));
}

async fn is_quieted_by(signal: &str) {
    let fixture = Fixture::new().await;
    let lingering = id(Linger::perform_later(1).on(&fixture.jobs).await.unwrap());
    let listening = id(Listen::perform_later().on(&fixture.jobs).await.unwrap());
    let mut worker = Process::start(&Orders { threads: 2, ..orders(&fixture) });
    worker.says(2, "@perform_start").await;
    worker.signal(signal);
    worker.says(1, "@quiet").await;
    let left = id(Rest::perform_later().on(&fixture.jobs).await.unwrap());
    std::fs::write(fixture.folder.path().join("go"), "").unwrap();
    assert_eq!(fixture.reaches(lingering, State::Finished).await.attempts, 1, "what runs goes on");
    beats_on(&fixture).await;
    assert!(worker.is_alive(), "it waits to be stopped");
    assert_eq!(fixture.record(listening).await.state, State::Claimed, "no job is asked to end");
    assert_eq!(fixture.record(left).await.attempts, 0);
    worker.signal("TERM");
    worker.succeeds().await;
    assert_eq!(fixture.record(left).await.state, State::Ready);
    assert_eq!(fixture.record(listening).await.state, State::Finished);
}

/// Waits for two more heartbeats of the one process that there is.
async fn beats_on(fixture: &Fixture) {
    let mut last = None;
    let mut ticks = tokio::time::interval(Duration::from_millis(2));
    for _ in 0..3 {
        loop {
            let processes = fixture.inspect().processes().await.unwrap();
            assert_eq!(processes.len(), 1, "it has not said goodbye");
            let beat = Some(processes[0].heartbeat_at);
            if beat != last {
                last = beat;
                break;
            }
            ticks.tick().await;
        }
    }
}

#[tokio::test]
async fn sigtstp_quiets_a_worker_and_does_not_suspend_it() {
    is_quieted_by("TSTP").await;
}

#[tokio::test]
async fn sigusr1_quiets_a_worker() {
    is_quieted_by("USR1").await;
}

#[tokio::test]
async fn a_signal_that_comes_before_there_is_any_work_ends_the_process_at_once() {
    let fixture = Fixture::new().await;
    let mut worker = Process::start(&orders(&fixture));
    worker.says(1, "@start").await;
    worker.signal("TERM");
    worker.succeeds().await;
    assert!(worker.has_said("@stop 0 given back"));
}
