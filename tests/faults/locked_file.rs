//! Another connection holds the lock of the file for longer than a worker waits for it.

use jobs::State;

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::Linger;

#[tokio::test]
async fn a_worker_whose_file_is_locked_for_long_reports_it_and_continues() {
    let fixture = Fixture::new().await;
    let mut orders = fixture.orders();
    (orders.options, orders.until_drained) = ("?busy_timeout=50ms".to_owned(), false);
    // Heartbeats fail too while the lock is held; there is no other process that could recover the worker.
    let mut worker = Process::start(&orders);
    worker.says(1, "@start").await;
    fixture.enqueue(0..300).await;
    worker.says(20, "@perform work").await;
    let stranger = fixture.stranger();
    stranger.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    worker.says(3, "@store_failed").await;
    assert!(worker.is_alive());
    stranger.execute_batch("ROLLBACK").unwrap();
    drop(stranger);
    worker.says(300, "@perform work").await;
    worker.signal("TERM");
    worker.succeeds().await;
    assert_eq!(fixture.counts().await.of(State::Finished), 300);
    fixture.is_accounted_for(300, "locked").await;
}

#[tokio::test]
async fn after_a_long_outage_live_workers_do_not_recover_each_others_jobs() {
    let fixture = Fixture::new().await;
    let mut orders = fixture.orders();
    (orders.options, orders.threads, orders.until_drained) = ("?busy_timeout=50ms".to_owned(), 1, false);
    let mut workers = [Process::start(&orders), Process::start(&orders)];
    let mut held = Vec::new();
    for number in 0..2 {
        held.push(id(Linger::perform_later(number).on(&fixture.jobs).await.unwrap()));
    }
    for worker in &workers {
        worker.says(1, "@perform_start linger").await;
    }
    let stranger = fixture.stranger();
    stranger.busy_timeout(std::time::Duration::from_secs(5)).unwrap();
    stranger.execute_batch("BEGIN IMMEDIATE").unwrap();
    for worker in &workers {
        // Each takes at least the busy timeout and an interval: longer than the silence in all.
        worker.says(6, "@store_failed record a heartbeat").await;
    }
    stranger.execute_batch("ROLLBACK").unwrap();
    std::fs::write(fixture.folder.path().join("go"), "").unwrap();
    for held in held {
        let record = fixture.reaches(held, State::Finished).await;
        assert_eq!((record.attempts, record.crashes), (1, 0), "no process died: {record:?}");
    }
    for worker in &mut workers {
        worker.signal("TERM");
        worker.succeeds().await;
        assert!(!worker.has_said("@recover") && !worker.has_said("@fenced"));
    }
}
