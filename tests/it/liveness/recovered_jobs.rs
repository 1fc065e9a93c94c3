//! Jobs whose process died once run as any other.

use std::sync::Arc;
use std::time::Duration;

use jobs::prelude::*;
use jobs::store::{Claim, ProcessId, Recovery};
use tokio::sync::Barrier;

use crate::fixture::Fixture;

/// Ends when as many run at the same time as the barrier wants.
#[job]
async fn meet(number: u32, all: &Arc<Barrier>) {
    let _ = number;
    all.wait().await;
}

#[tokio::test]
async fn a_hundred_jobs_of_a_process_that_died_once_run_at_the_same_time() {
    let fixture = Fixture::new();
    let builder = fixture.builder(jobs::jobs![Meet]).worker(Worker::new(["*"]).concurrency(100));
    let runtime = builder.provide(Arc::new(Barrier::new(100))).build().await.unwrap();
    runtime.client().perform_all_later((0..100).map(Meet::new)).await.unwrap();
    let claimed = fixture.store.claim(&Claim::all(ProcessId::new(1), 100)).await.unwrap();
    assert_eq!(claimed.len(), 100);
    let recovered = fixture.store.recover(&Recovery::new(Duration::from_secs(60), 3)).await.unwrap();
    assert_eq!(recovered.ready.len(), 100, "the process never said that it lives");
    let running = runtime.start().await.unwrap();
    let drained = tokio::time::timeout(Duration::from_secs(30), running.drained()).await;
    assert!(drained.is_ok(), "they wait for each other");
    running.stop().await;
}
