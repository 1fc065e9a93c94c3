//! A job that kills every process that runs it.

use jobs::State;

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::{Kill, Orders};

/// Starts one worker after another until one ends by itself; returns how many died.
async fn deaths(orders: &Orders) -> u32 {
    for deaths in 0..12 {
        if Process::start(orders).ended().await.success() {
            return deaths;
        }
    }
    panic!("no worker ever ended by itself");
}

#[tokio::test]
async fn a_job_that_kills_its_process_fails_as_poison_and_the_other_jobs_are_done() {
    let fixture = Fixture::new().await;
    let before = fixture.enqueue(0..10).await;
    let poison = id(Kill::perform_later(1000, u32::MAX).on(&fixture.jobs).await.unwrap());
    let after = fixture.enqueue(10..20).await;
    let mut orders = fixture.orders();
    (orders.crash_limit, orders.threads) = (3, 1);
    assert_eq!(deaths(&orders).await, 3);
    let record = fixture.record(poison).await;
    assert_eq!((record.state, record.attempts, record.crashes), (State::Failed, 3, 3));
    let deaths: Vec<_> = record.errors.iter().map(|error| (error.class.as_str(), error.attempt)).collect();
    assert_eq!(deaths, [1, 2, 3].map(|attempt| ("jobs::ProcessDied", attempt)), "each death is kept with its attempt");
    let died: std::collections::BTreeSet<_> = record.errors.iter().map(|error| error.process.unwrap()).collect();
    assert_eq!(died.len(), 3, "and with the process that died");
    let error = record.errors.last().unwrap();
    assert!(error.message.contains("3 processes died"), "{}", error.message);
    for innocent in before.into_iter().chain(after) {
        assert_eq!(fixture.record(innocent).await.state, State::Finished);
    }
    assert_eq!(fixture.ledger().get(&1000), Some(&3));
}

#[tokio::test]
async fn jobs_that_run_beside_a_poison_job_are_done_in_the_end() {
    let fixture = Fixture::new().await;
    let poison = id(Kill::perform_later(1000, u32::MAX).on(&fixture.jobs).await.unwrap());
    let innocent = fixture.enqueue(0..20).await;
    let mut orders = fixture.orders();
    (orders.crash_limit, orders.threads) = (3, 10);
    let deaths = deaths(&orders).await;
    assert_eq!(fixture.record(poison).await.state, State::Failed, "after {deaths} deaths");
    for innocent in innocent {
        let record = fixture.record(innocent).await;
        assert_eq!(record.state, State::Finished, "after {deaths} deaths: {record:?}");
    }
}
