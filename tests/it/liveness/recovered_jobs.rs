//! Jobs whose process died once run as any other.

use std::sync::Arc;
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{Claim, ProcessId, Recovery};
use tokio::sync::Barrier;
use tokio::time::{Instant, timeout};

use crate::fixture::Fixture;

/// Ends when as many run at the same time as the barrier wants.
#[job]
async fn meet(number: u32, all: &Arc<Barrier>) {
    let _ = number;
    all.wait().await;
}

/// Takes ten seconds.
#[job]
async fn last(number: u32) {
    let _ = number;
    let _elapsed = timeout(Duration::from_secs(10), std::future::pending::<()>()).await;
}

/// Claims all jobs for a process that never says that it lives, and recovers them.
async fn lose_process(fixture: &Fixture, jobs: usize) {
    let claimed = fixture.store.claim(&Claim::all(ProcessId::new(1), jobs)).await.unwrap();
    assert_eq!(claimed.len(), jobs);
    let recovered = fixture.store.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap();
    assert_eq!(recovered.ready.len(), jobs, "the process never said that it lives");
}

#[tokio::test(start_paused = true)]
async fn jobs_of_a_lost_process_are_done_within_three_times_the_ideal_time() {
    let fixture = Fixture::new();
    let mut running = Vec::new();
    let builder = || fixture.builder(jobs::jobs![Last]);
    builder().build().await.unwrap().client().perform_all_later((0..100).map(Last::new)).await.unwrap();
    lose_process(&fixture, 100).await;
    let start = Instant::now();
    for _ in 0..5 {
        let runtime = builder().worker(Worker::new(["*"]).concurrency(10)).build().await.unwrap();
        running.push(runtime.start().await.unwrap());
    }
    for running in &running {
        running.drained().await.unwrap();
    }
    let ideal = 100 * Duration::from_secs(10) / 50;
    assert!(start.elapsed() <= 3 * ideal, "100 jobs of 10 s on 5 processes with 10 slots took {:?}", start.elapsed());
    for running in running {
        running.stop().await;
    }
}

#[tokio::test]
async fn a_hundred_jobs_of_a_process_that_died_once_run_at_the_same_time() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Meet]).worker(Worker::new(["*"]).concurrency(100));
    let runtime = builder.provide(Arc::new(Barrier::new(100))).build().await.unwrap();
    runtime.client().perform_all_later((0..100).map(Meet::new)).await.unwrap();
    lose_process(&fixture, 100).await;
    let running = runtime.start().await.unwrap();
    let drained = tokio::time::timeout(Duration::from_secs(30), running.drained()).await;
    assert!(drained.is_ok(), "they wait for each other");
    running.stop().await;
}
