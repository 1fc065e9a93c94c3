//! Unique jobs that many processes enqueue, and processes that are killed meanwhile.

use std::collections::{BTreeMap, BTreeSet};

use jobs::{Enqueued, State};

use crate::support::fixture::{Fixture, number};
use crate::support::process::Process;
use crate::support::worker::{SINGLES, Single};

/// The answers to the callers: for each number, which jobs were stored and which existed.
fn reported(fixture: &Fixture) -> BTreeMap<u64, (BTreeSet<String>, BTreeSet<String>)> {
    let text = std::fs::read_to_string(fixture.folder.path().join("calls")).unwrap_or_default();
    let mut reported: BTreeMap<u64, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    for line in text.lines() {
        let [number, what, id] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line} is no answer") };
        let (stored, there) = reported.entry(number.parse().unwrap()).or_default();
        there.insert(id.to_owned());
        if what == "new" {
            stored.insert(id.to_owned());
        }
    }
    reported
}

/// Each number is stored once.
async fn each_is_there_once(fixture: &Fixture, when: &str) {
    let mut numbers: Vec<u64> = fixture.all().await.iter().map(number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..SINGLES).collect::<Vec<_>>(), "{when}");
}

async fn call_from(fixture: &Fixture, processes: usize, callers: u64) {
    let mut orders = fixture.orders();
    orders.callers = callers;
    let mut calling: Vec<Process> = (0..processes).map(|_| Process::start(&orders)).collect();
    for process in &mut calling {
        process.succeeds().await;
    }
}

#[tokio::test]
async fn fifty_callers_in_four_processes_store_one_job_of_each_key() {
    let fixture = Fixture::new().await;
    call_from(&fixture, 4, 13).await;
    let reported = reported(&fixture);
    assert_eq!(reported.len() as u64, SINGLES);
    for (number, (stored, there)) in reported {
        assert_eq!((stored.len(), there.len()), (1, 1), "one of {number} is stored, and all were told which");
    }
    each_is_there_once(&fixture, "after all calls").await;
}

#[tokio::test]
async fn a_process_killed_while_it_takes_unique_keys_leaves_no_key_without_a_job() {
    for point in ["enqueue:before-commit:7", "enqueue:after-commit:7"] {
        let fixture = Fixture::new().await;
        let mut orders = fixture.orders();
        orders.callers = 1;
        let status = Process::start_with(&orders, point).ended().await;
        assert!(!status.success(), "it was to die at {point}");
        call_from(&fixture, 1, 1).await;
        each_is_there_once(&fixture, point).await;
    }
}

#[tokio::test]
async fn a_worker_killed_while_it_ends_unique_jobs_leaves_no_key() {
    for point in ["claim:after-commit:1", "settle:before-commit:1", "settle:after-commit:1"] {
        let fixture = Fixture::new().await;
        call_from(&fixture, 1, 1).await;
        let status = Process::start_with(&fixture.orders(), point).ended().await;
        assert!(!status.success(), "it was to die at {point}");
        let waiting: BTreeSet<u64> =
            fixture.all().await.iter().filter(|record| record.state != State::Finished).map(number).collect();
        for number in 0..SINGLES {
            let answer = Single::perform_later(number).on(&fixture.jobs).await.unwrap();
            let is_there = matches!(answer, Enqueued::Duplicate { .. });
            assert_eq!(is_there, waiting.contains(&number), "{point}: {number} is there as long as it is not done");
        }
        Process::start(&fixture.orders()).succeeds().await;
        for number in 0..SINGLES {
            let answer = Single::perform_later(number).on(&fixture.jobs).await.unwrap();
            assert!(matches!(answer, Enqueued::New(_)), "{point}: {number} is done");
        }
    }
}
