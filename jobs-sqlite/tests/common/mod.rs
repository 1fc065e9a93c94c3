//! What the tests of this crate share: a file, a clock set by hand, and plain jobs.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Claim, Clock, Decision, JobId, NewJob, ProcessId, Settlement, State, Store};
use jobs_sqlite::{SqliteOptions, SqliteStore};
use jobs_testing::ManualClock;
use tempfile::TempDir;

/// A database file in a folder that goes away with it.
pub(crate) struct File {
    pub(crate) folder: TempDir,
    pub(crate) path: PathBuf,
    pub(crate) clock: Arc<ManualClock>,
}

impl File {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("jobs.db");
        Self { folder, path, clock: Arc::new(ManualClock::new()) }
    }

    pub(crate) fn options(&self) -> SqliteOptions {
        SqliteOptions::new(&self.path).clock(self.clock.clone())
    }

    pub(crate) fn set_back(&self, span: Duration) {
        self.clock.set(self.clock.now().before(span));
    }

    pub(crate) fn open(&self) -> SqliteStore {
        self.options().open().unwrap()
    }

    /// A connection of somebody else's.
    pub(crate) fn stranger(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(&self.path).unwrap()
    }
}

pub(crate) fn id(number: u64) -> JobId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    JobId::from_bytes(bytes)
}

pub(crate) fn job(number: u64) -> NewJob {
    NewJob::new(id(number), "test", format!("[{number}]"))
}

pub(crate) fn jobs(numbers: std::ops::Range<u64>) -> Vec<NewJob> {
    numbers.map(job).collect()
}

pub(crate) const ME: ProcessId = ProcessId::new(7);

pub(crate) async fn enqueue(store: &SqliteStore, numbers: std::ops::Range<u64>) {
    let _stored = store.enqueue(&jobs(numbers)).await.unwrap();
}

/// Claims up to `limit` jobs and finishes them; which they were.
pub(crate) async fn work(store: &SqliteStore, limit: usize) -> Vec<JobId> {
    let executions = store.claim(&Claim::all(ME, limit)).await.unwrap();
    let ids = executions.iter().map(jobs_core::Execution::id).collect();
    let _settled = store.settle(&finish(executions)).await.unwrap();
    ids
}

pub(crate) fn finish(executions: Vec<jobs_core::Execution>) -> Vec<Settlement> {
    executions.into_iter().map(|it| it.settle(Decision::Finish { keep: true })).collect()
}

pub(crate) async fn count(store: &SqliteStore, state: State) -> u64 {
    store.inspect().unwrap().counts().await.unwrap().of(state)
}
