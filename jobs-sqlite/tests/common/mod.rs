//! Shared by the tests: a file, a manual clock, and plain jobs.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jobs_core::Clock;
use jobs_sqlite::{SqliteOptions, SqliteStore};
use jobs_testing::ManualClock;
#[allow(unused_imports, reason = "each test file uses its own part")]
pub(crate) use jobs_testing::plain::{ME, count, enqueue, finish, id, job, jobs, work};
use tempfile::TempDir;

/// A database file in a folder that is removed with it.
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
        self.clock.set(self.clock.now() - span);
    }

    pub(crate) fn open(&self) -> SqliteStore {
        self.options().open().unwrap()
    }

    /// A connection that does not belong to the store.
    pub(crate) fn stranger(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(&self.path).unwrap()
    }

    /// Reverts the tables to an earlier step of the migration; the jobs in them stay.
    pub(crate) fn back_to_step(&self, steps: usize) {
        let stranger = self.stranger();
        for undo in BACK[steps - 1..].iter().rev() {
            stranger.execute_batch(undo).unwrap();
        }
        stranger.execute_batch(&format!("PRAGMA user_version = {steps}")).unwrap();
    }
}

/// Reverts each step after the first.
const BACK: [&str; 10] = [
    "DROP TABLE unique_keys",
    "ALTER TABLE errors DROP COLUMN process",
    "ALTER TABLE finished DROP COLUMN total; ALTER TABLE finished DROP COLUMN discarded;
     ALTER TABLE finished DROP COLUMN errors; ALTER TABLE wakeups DROP COLUMN enqueued",
    "DROP TABLE recurring_tasks",
    "ALTER TABLE wakeups DROP COLUMN returned",
    "DROP INDEX jobs_waiting; ALTER TABLE recurring_tasks DROP COLUMN expires_in; ALTER TABLE processes DROP COLUMN slow",
    "DROP TABLE figures; DROP TABLE deploys",
    "ALTER TABLE processes DROP COLUMN details",
    "ALTER TABLE jobs DROP COLUMN waited_ms; DROP TABLE cancellations",
    "DROP TABLE finished_logs; ALTER TABLE errors DROP COLUMN log",
];
