//! What jobs need is compared with what their store guarantees, before anything runs.

use std::sync::Arc;
use std::time::Duration;

use jobs::memory::MemoryStore;
use jobs::prelude::*;
use jobs::recurring::RecurringTask;
use jobs::store::{ClaimOrder, Guarantees, Retention, Store, Uniqueness};
use jobs::{Error, RuntimeBuilder, definition::Definition};
use jobs_testing::{PassThrough, PassThroughStore};
use tracing::Level;

use crate::observe::log_capture::Log;

/// Promises less than the store in memory.
struct Promises(MemoryStore, Guarantees);

impl PassThrough for Promises {
    fn inner(&self) -> &dyn Store {
        &self.0
    }

    fn guarantees(&self) -> Guarantees {
        self.1
    }

    fn recurring(&self) -> Option<&dyn jobs::recurring::Recurring> {
        None
    }
}

#[job(unique(until = done))]
async fn once(number: u32) {
    assert!(number > 0);
}

#[job(priority = 5)]
async fn urgent() {}

#[job]
async fn plain() {}

const WITHOUT_KEYS: Guarantees = Guarantees::ALL.with_uniqueness(Uniqueness::Unsupported);

fn builder(guarantees: Guarantees, jobs: impl IntoIterator<Item = Definition>) -> RuntimeBuilder {
    let store = PassThroughStore(Promises(MemoryStore::default(), guarantees));
    Runtime::builder().store(Arc::new(store)).register(jobs)
}

async fn refused(builder: RuntimeBuilder) -> Error {
    let error = builder.build().await.map(drop).unwrap_err();
    assert!(error.is_unsupported(), "{error}");
    error
}

#[tokio::test]
async fn a_unique_job_is_refused_by_its_name_on_a_store_without_unique_keys() {
    let error = refused(builder(WITHOUT_KEYS, jobs::jobs![Once, Plain])).await.to_string();
    assert!(error.contains("jobs with `unique(..)`: `once`; use another store"), "{error}");
    assert!(builder(WITHOUT_KEYS, jobs::jobs![Once]).build_client().await.is_err());
    assert!(builder(WITHOUT_KEYS, jobs::jobs![Plain]).build().await.is_ok());
    assert!(builder(Guarantees::ALL, jobs::jobs![Once]).build().await.is_ok());
}

#[tokio::test]
async fn an_enqueue_with_a_unique_key_is_unsupported_on_a_store_without_unique_keys() {
    let client = builder(WITHOUT_KEYS, jobs::jobs![Plain]).build_client().await.unwrap();
    let error = Plain::perform_later().unique_by("a").on(&client).await.unwrap_err();
    assert!(error.is_unsupported() && error.to_string().contains("`plain` is to be unique"), "{error}");
    // A job that this program only enqueues is not registered.
    assert!(Once::perform_later(1).on(&client).await.unwrap_err().is_unsupported());
    assert!(Plain::perform_later().on(&client).await.is_ok());
}

#[tokio::test]
async fn a_recurring_task_is_unsupported_on_a_store_that_keeps_none() {
    let task = RecurringTask::new("pulse", "plain", "@daily");
    let error = refused(builder(Guarantees::ALL, jobs::jobs![Plain]).recurring(task)).await.to_string();
    assert!(error.contains("keeps no recurring tasks, and there are some: `pulse`"), "{error}");
}

#[tokio::test]
async fn priorities_without_effect_are_one_line_at_start_up() {
    let log = Log::from(Level::INFO);
    let fifo = Guarantees::ALL.with_order(ClaimOrder::QueueFifo);
    builder(Guarantees::ALL, jobs::jobs![Urgent]).build().await.unwrap();
    builder(fifo, jobs::jobs![Plain]).build().await.unwrap();
    assert!(!log.has("has no effect"), "{:?}", log.lines());
    builder(fifo, jobs::jobs![Plain, Urgent]).build().await.unwrap();
    let line = log.only("the priority has no effect");
    assert!(line.starts_with("WARN") && line.contains("for these jobs: `urgent`."), "{line}");
}

#[tokio::test]
async fn finished_jobs_that_are_not_kept_are_one_line_at_start_up() {
    let log = Log::from(Level::INFO);
    let failed_only = Guarantees::ALL.with_retention(Retention::FailedOnly);
    builder(failed_only, jobs::jobs![Plain]).keep_finished(Duration::ZERO).build().await.unwrap();
    assert!(!log.has("has no effect"), "{:?}", log.lines());
    builder(failed_only, jobs::jobs![Plain, Urgent]).build().await.unwrap();
    assert!(log.only("`keep_finished` has no effect").ends_with("for these jobs: `plain`, `urgent`"));
}

#[tokio::test]
async fn a_retention_below_five_minutes_is_one_line_at_start_up() {
    let log = Log::from(Level::WARN);
    let minutes =
        |count: u64| builder(Guarantees::ALL, jobs::jobs![Plain]).keep_finished(Duration::from_secs(60 * count));
    minutes(5).build().await.unwrap();
    assert!(!log.has("keep_finished"), "{:?}", log.lines());
    minutes(1).build().await.unwrap();
    assert!(log.only("keep_finished").contains("finished jobs are kept for 5m"), "{:?}", log.lines());
}
