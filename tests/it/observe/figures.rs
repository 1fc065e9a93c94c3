//! The attempts of a process are added to the figures of its store.

use std::sync::Arc;
use std::time::Duration;

use jobs::figures::{FigureFilter, FigureReport, TimeRange};
use jobs::prelude::*;
use jobs::store::StoreExt;
use jobs::{Error, Event};
use jobs_testing::FaultyStore;

use crate::fixture::{Fixture, id};

#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no")
    }
}

impl std::error::Error for Refused {}

#[job(queue = "mail", retry_on(Refused, wait = 1h))]
async fn deliver(fails: bool) -> Result<(), Refused> {
    if fails { Err(Refused) } else { Ok(()) }
}

#[job]
async fn count() {}

async fn report(fixture: &Fixture) -> FigureReport {
    let figures = fixture.store.require_figures().expect("the memory store keeps figures");
    figures.report(&FigureFilter::all(TimeRange::Hour)).await.expect("the store answers")
}

/// Stores a job that fails, one that succeeds, and one in another queue.
async fn enqueue(client: &Client) {
    for fails in [true, false] {
        let _id = id(Deliver::perform_later(fails).on(client).await.expect("it is stored"));
    }
    let _id = id(Count::perform_later().on(client).await.expect("it is stored"));
}

async fn three_attempts(fixture: &Fixture) {
    fixture.recorder.wait_for_count(3, |event| matches!(event, Event::AttemptEnded(_))).await;
}

#[tokio::test]
async fn a_process_adds_its_attempts_by_job_and_queue_when_it_stops() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Deliver, Count]).await;
    enqueue(&running.client()).await;
    three_attempts(&fixture).await;
    running.stop().await;
    let report = report(&fixture).await;
    let all = |named: &[jobs::figures::NamedFigures]| -> Vec<_> {
        named.iter().map(|of| (of.name.clone(), of.figures.attempts, of.figures.errors)).collect()
    };
    assert_eq!(all(&report.jobs), [("count".to_owned(), 1, 0), ("deliver".to_owned(), 2, 1)]);
    assert_eq!(all(&report.queues), [("default".to_owned(), 1, 0), ("mail".to_owned(), 2, 1)]);
    assert_eq!((report.total.run.count(), report.total.wait.count()), (3, 3));
}

#[tokio::test]
async fn figures_that_the_store_refuses_are_added_with_the_next() {
    let mut fixture = Fixture::new();
    let faulty = Arc::new(FaultyStore::new(Arc::clone(&fixture.store)));
    fixture.store = Arc::clone(&faulty) as _;
    let runtime = fixture.builder(jobs::jobs![Deliver, Count]).version("1").build().await.expect("it is built");
    faulty.fail_before("add_figures", 1, || Error::transient("no answer"));
    let running = runtime.start().await.expect("it starts");
    let is_refused = |event: &Event| matches!(event, Event::StoreFailed(failed) if failed.operation == "add figures");
    fixture.recorder.wait_for(is_refused).await;
    enqueue(&running.client()).await;
    three_attempts(&fixture).await;
    running.stop().await;
    assert_eq!(report(&fixture).await.total.attempts, 3);
}

#[tokio::test(start_paused = true)]
async fn a_running_process_adds_its_attempts_every_ten_seconds() {
    let fixture = Fixture::new();
    let running = fixture.start(jobs::jobs![Deliver, Count]).await;
    enqueue(&running.client()).await;
    three_attempts(&fixture).await;
    let added = async {
        while report(&fixture).await.total.attempts < 3 {
            tokio::task::yield_now().await;
            tokio::time::advance(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(11), added).await.expect("they are added within ten seconds");
    running.stop().await;
    assert_eq!(report(&fixture).await.total.attempts, 3, "and once");
}

#[tokio::test]
async fn a_program_may_keep_no_figures() {
    let fixture = Fixture::new();
    let runtime = fixture.builder(jobs::jobs![Deliver, Count]).keep_figures(false).version("1");
    let running = runtime.build().await.expect("it is built").start().await.expect("it starts");
    enqueue(&running.client()).await;
    three_attempts(&fixture).await;
    running.stop().await;
    let report = report(&fixture).await;
    assert_eq!((report.total.attempts, report.deploys.len()), (0, 0));
}

#[tokio::test]
async fn the_first_start_of_a_version_is_marked_as_a_deploy() {
    let fixture = Fixture::new();
    for (version, deploys) in [("1.0", 1), ("1.0", 1), ("1.1", 2)] {
        let runtime = fixture.builder(jobs::jobs![Count]).version(version).build().await.expect("it is built");
        let running = runtime.start().await.expect("it starts");
        let noted = async {
            while report(&fixture).await.deploys.len() < deploys {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), noted).await.expect("the start is noted");
        running.stop().await;
        let last = report(&fixture).await.deploys.pop().expect("there is one");
        assert_eq!(last.version, version);
    }
}
