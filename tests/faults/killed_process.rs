//! A worker is killed at each point of a job's lifecycle. A second one finishes the rest.

use crate::support::fixture::{Fixture, id, number};
use crate::support::process::Process;
use crate::support::worker::Kill;

const JOBS: u64 = 60;

/// One worker enqueues and works until it dies at the point; another one finishes.
async fn everything_is_done_after_a_death_at(point: &str) {
    let fixture = Fixture::new().await;
    let mut orders = fixture.orders();
    orders.enqueue = JOBS;
    let status = Process::start_with(&orders, point).ended().await;
    assert!(!status.success(), "the worker was to die at {point}");

    let answered = fixture.numbers("answers");
    let stored: Vec<_> = fixture.all().await.iter().map(number).collect();
    assert!(answered.iter().all(|number| stored.contains(number)), "{point}: an answered enqueue is lost");
    assert!(stored.len() <= answered.len() + 1, "{point}: more jobs than were ever handed over");
    Process::start(&fixture.orders()).succeeds().await;
    fixture.is_accounted_for(stored.len(), point).await;
}

macro_rules! killed {
    ($($name:ident at $point:literal;)*) => {
        $(#[tokio::test]
        async fn $name() {
            everything_is_done_after_a_death_at($point).await;
        })*
    };
}

killed! {
    a_worker_killed_before_its_enqueue_is_committed_loses_nothing at "enqueue:before-commit:20";
    a_worker_killed_after_its_enqueue_is_committed_loses_nothing at "enqueue:after-commit:20";
    a_worker_killed_before_its_first_claim_is_committed_loses_nothing at "claim:before-commit:1";
    a_worker_killed_after_its_first_claim_is_committed_loses_nothing at "claim:after-commit:1";
    a_worker_killed_before_a_settlement_is_committed_loses_nothing at "settle:before-commit:4";
    a_worker_killed_after_a_settlement_is_committed_loses_nothing at "settle:after-commit:4";
    a_worker_killed_at_its_second_heartbeat_loses_nothing at "heartbeat:before-commit:2";
    a_worker_killed_at_a_recovery_loses_nothing at "recover:after-commit:1";
}

#[tokio::test]
async fn a_worker_killed_in_the_middle_of_a_job_loses_nothing_and_the_attempt_counts() {
    let fixture = Fixture::new().await;
    let killing = id(Kill::perform_later(1000, 1).on(&fixture.jobs).await.unwrap());
    fixture.enqueue(0..JOBS).await;
    let status = Process::start(&fixture.orders()).ended().await;
    assert!(!status.success(), "the job was to kill its process");
    assert_eq!(fixture.ledger().get(&1000), Some(&1));
    Process::start(&fixture.orders()).succeeds().await;
    let record = fixture.record(killing).await;
    assert_eq!((record.attempts, record.crashes), (2, 1));
    fixture.is_accounted_for(61, "killed by a job").await;
}

#[tokio::test]
async fn a_recovery_that_is_killed_itself_is_done_by_the_next() {
    let fixture = Fixture::new().await;
    let killing = id(Kill::perform_later(1000, 1).on(&fixture.jobs).await.unwrap());
    let status = Process::start(&fixture.orders()).ended().await;
    assert!(!status.success(), "the job was to kill its process");
    // The first recovery may come too early to find the dead process silent; the second finds it.
    for point in ["recover:before-commit:8", "recover:after-commit:8"] {
        let status = Process::start_with(&fixture.orders(), point).ended().await;
        assert!(status.success() || fixture.record(killing).await.crashes <= 1, "{point}");
    }
    Process::start(&fixture.orders()).succeeds().await;
    let record = fixture.record(killing).await;
    assert_eq!((record.attempts, record.crashes), (2, 1), "a death is counted once");
}
