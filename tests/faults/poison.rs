//! A job that kills every process that runs it.

use jobs::State;
use tokio::time::{Duration, interval, timeout};

use crate::support::fixture::{Fixture, id};
use crate::support::process::Process;
use crate::support::worker::{Gather, Kill, Orders};

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

/// Keeps so many workers running until each of them has ended by itself.
async fn work_in_parallel(orders: &Orders, workers: usize) {
    let mut running: Vec<Process> = (0..workers).map(|_| Process::start(orders)).collect();
    let mut ticks = interval(Duration::from_millis(5));
    while !running.is_empty() {
        ticks.tick().await;
        let ended = running.iter_mut().position(|process| !process.is_alive());
        if let Some(place) = ended {
            let success = running.swap_remove(place).ended().await.success();
            running.extend((!success).then(|| Process::start(orders)));
        }
    }
}

#[tokio::test]
async fn several_processes_fail_only_the_job_that_kills_them() {
    let fixture = Fixture::new().await;
    let mut innocent = fixture.enqueue(0..50).await;
    let poison = id(Kill::perform_later(1000, u32::MAX).on(&fixture.jobs).await.unwrap());
    innocent.extend(fixture.enqueue(50..100).await);
    let mut orders = fixture.orders();
    (orders.crash_limit, orders.threads) = (3, 10);
    let worked = timeout(Duration::from_secs(120), work_in_parallel(&orders, 3)).await;
    assert!(worked.is_ok(), "not all is done: {:?}", fixture.counts().await);
    let record = fixture.record(poison).await;
    assert_eq!((record.state, record.crashes), (State::Failed, 3));
    for innocent in innocent {
        let record = fixture.record(innocent).await;
        assert_eq!(record.state, State::Finished, "{record:?}");
    }
}

/// Jobs that a killed process had claimed, on five processes with ten slots each: fifty of them run at the same time.
async fn jobs_of_a_killed_process_fill_all_slots_of_five_others(fixture: Fixture) {
    let jobs = fixture.jobs.perform_all_later((0..100).map(|number| Gather::new(number, 50))).await.unwrap();
    let orders = Orders { threads: 100, crash_limit: 3, ..fixture.orders() };
    let node = Process::start(&orders);
    node.says(100, "@perform_start gather").await;
    node.killed("@").await;
    let orders = Orders { threads: 10, ..orders };
    let others: Vec<_> = (0..5).map(|_| Process::start(&orders)).collect();
    for mut other in others {
        other.succeeds().await;
    }
    for job in jobs {
        let record = fixture.record(id(job)).await;
        assert_eq!((record.state, record.attempts, record.crashes), (State::Finished, 2, 1));
    }
}

#[tokio::test]
async fn a_hundred_jobs_of_a_killed_process_fill_fifty_slots_of_five_others() {
    jobs_of_a_killed_process_fill_all_slots_of_five_others(Fixture::new().await).await;
}

#[tokio::test]
async fn a_hundred_jobs_of_a_killed_process_fill_fifty_slots_on_a_server() {
    if let Some(fixture) = Fixture::on_server().await {
        jobs_of_a_killed_process_fill_all_slots_of_five_others(fixture).await;
    }
}
