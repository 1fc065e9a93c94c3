//! A worker that is suspended for longer than its heartbeat allows, and resumes.

use std::time::Duration;

use jobs::State;

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::{Linger, Work};

/// Stops it at a moment at which it does not hold the lock of the file: that would stop all others too.
fn stop(worker: &Process, fixture: &Fixture) {
    let stranger = fixture.stranger();
    stranger.busy_timeout(Duration::ZERO).unwrap();
    loop {
        worker.signal("STOP");
        if stranger.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok() {
            return;
        }
        worker.signal("CONT");
    }
}

/// A worker is suspended, is recovered meanwhile, and resumes.
async fn sleeps_through_its_death(fixture: &Fixture, stop: impl FnOnce(&Process)) {
    let mut orders = fixture.orders();
    orders.until_drained = false;
    let mut sleeper = Process::start(&orders);
    let lingering = id(Linger::perform_later(1).on(&fixture.jobs).await.unwrap());
    sleeper.says(1, "@perform_start linger").await;
    stop(&sleeper);

    let mut other = Process::start(&orders);
    other.says(1, "@recover").await;
    let record = fixture.reaches(lingering, State::Finished).await;
    assert_eq!((record.attempts, record.crashes), (2, 1));
    other.signal("TERM");
    other.succeeds().await;

    std::fs::write(fixture.folder.path().join("go"), "").unwrap();
    sleeper.signal("CONT");
    sleeper.says(1, "@fenced").await;
    sleeper.says(1, "@revive").await;
    assert_eq!(fixture.record(lingering).await, record, "the woken worker changed nothing");
    let next = id(Work::perform_later(2).on(&fixture.jobs).await.unwrap());
    let record = fixture.reaches(next, State::Finished).await;
    assert_eq!(record.attempts, 1);
    sleeper.signal("TERM");
    sleeper.succeeds().await;
    assert!(fixture.inspect().processes().await.unwrap().is_empty(), "both said goodbye");
}

#[tokio::test]
async fn a_suspended_worker_that_was_recovered_changes_nothing_and_continues() {
    let fixture = Fixture::new().await;
    sleeps_through_its_death(&fixture, |sleeper| stop(sleeper, &fixture)).await;
}

#[tokio::test]
async fn on_a_server_a_suspended_worker_that_was_recovered_changes_nothing_and_continues() {
    let Some(fixture) = Fixture::on_server().await else { return };
    sleeps_through_its_death(&fixture, |sleeper| sleeper.signal("STOP")).await;
}
