//! Shared by the tests: a server, a schema for each test, a manual clock, and plain jobs.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

pub(crate) mod pooler;
pub(crate) mod proxy;
pub(crate) mod role;
pub(crate) mod server;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use jobs_core::{Clock, Error};
use jobs_postgres::{PostgresOptions, PostgresStore};
#[allow(unused_imports, reason = "each test file uses its own part")]
pub(crate) use jobs_testing::plain::{ME, count, enqueue, finish, id, job, jobs, work};
use jobs_testing::{ManualClock, skip};
use tokio::time::timeout;
use tokio_postgres::{Client, NoTls};

pub(crate) const NO_SERVER: &str = "JOBS_TEST_POSTGRES names no PostgreSQL server; `bin/postgres start` starts one";

/// The server for tests. If there is none, the test is recorded as skipped and gets `None`.
pub(crate) fn server() -> Option<String> {
    let url = found();
    if url.is_none() {
        skip(NO_SERVER);
    }
    url
}

fn found() -> Option<String> {
    std::env::var("JOBS_TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// Whether to run every round of a test; by default only some of them.
pub(crate) fn thorough() -> bool {
    std::env::var_os("JOBS_TEST_THOROUGH").is_some()
}

/// A schema for one test, dropped with this value.
pub(crate) struct TestDb {
    pub(crate) url: String,
    pub(crate) schema: String,
    pub(crate) clock: Arc<ManualClock>,
}

impl TestDb {
    /// A schema on the server for tests. If there is no server, the test is recorded as skipped and gets `None`.
    pub(crate) fn new() -> Option<Self> {
        Some(Self::on(&server()?))
    }

    /// As [`new`](Self::new), without recording that the test was skipped.
    pub(crate) fn found() -> Option<Self> {
        Some(Self::on(&found()?))
    }

    pub(crate) fn on(url: &str) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test {} {number}", std::process::id());
        Self { url: url.to_owned(), schema, clock: Arc::new(ManualClock::new()) }
    }

    pub(crate) fn options(&self) -> PostgresOptions {
        self.by_url(&self.url)
    }

    pub(crate) fn by(&self, clock: Arc<dyn Clock>) -> PostgresOptions {
        self.options().clock(clock)
    }

    /// As [`by`](Self::by), without waiting for the disk at each commit. For tests that do not crash the server.
    pub(crate) fn quick(&self, clock: Arc<dyn Clock>) -> PostgresOptions {
        let url = format!("{}?options=-c%20synchronous_commit%3Doff", self.url);
        PostgresOptions::from_url(&url).unwrap().schema(&self.schema).clock(clock)
    }

    /// As [`options`](Self::options), by another URL.
    pub(crate) fn by_url(&self, url: &str) -> PostgresOptions {
        PostgresOptions::from_url(url).unwrap().schema(&self.schema).clock(self.clock.clone())
    }

    pub(crate) async fn open(&self) -> PostgresStore {
        self.options().connect().await.unwrap()
    }

    /// A connection that does not belong to the store.
    pub(crate) async fn stranger(&self) -> Client {
        stranger(&self.url).await
    }

    /// A statement for this schema.
    pub(crate) fn sql(&self, text: &str) -> String {
        text.replace("{schema}", &format!("\"{}\"", self.schema))
    }

    /// Reverts the tables to an earlier step of the migration; the jobs in them stay.
    pub(crate) async fn back_to_step(&self, steps: usize) {
        for undo in BACK[steps - 1..].iter().rev() {
            self.run(undo).await;
        }
        self.run(&format!("UPDATE {{schema}}.jobs_schema SET version = {steps}")).await;
    }

    /// Runs statements on a connection that does not belong to the store.
    pub(crate) async fn run(&self, text: &str) {
        self.stranger().await.batch_execute(&self.sql(text)).await.unwrap();
    }
}

/// Reverts each step after the first.
const BACK: [&str; 10] = [
    "DROP TABLE {schema}.unique_keys",
    "ALTER TABLE {schema}.tallies DROP COLUMN total, DROP COLUMN discarded",
    "DROP TABLE {schema}.recurring_tasks",
    "ALTER INDEX {schema}.jobs_ready RENAME TO jobs_ready_in_queue;
     CREATE INDEX jobs_ready ON {schema}.jobs (priority DESC, seq) WHERE state = 2",
    "DROP INDEX {schema}.jobs_ready_by_age",
    "ALTER TABLE {schema}.recurring_tasks DROP COLUMN expires_in; ALTER TABLE {schema}.processes DROP COLUMN slow",
    "DROP TABLE {schema}.figures; DROP TABLE {schema}.deploys",
    "ALTER TABLE {schema}.processes DROP COLUMN details",
    "ALTER TABLE {schema}.jobs DROP COLUMN claimed_at; ALTER TABLE {schema}.done DROP COLUMN claimed_at;
     DROP TABLE {schema}.cancellations",
    "DROP TABLE {schema}.finished_logs; ALTER TABLE {schema}.errors DROP COLUMN log",
];

pub(crate) async fn stranger(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Drop for TestDb {
    fn drop(&mut self) {
        // The runtime of the test is going away, so the schema is dropped from another one.
        let (url, statements) =
            (self.url.clone(), self.sql("SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS {schema} CASCADE"));
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            // If the server is gone, so is the schema.
            let _gone = runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
                tokio::spawn(connection);
                client.batch_execute(&statements).await
            });
        };
        std::thread::spawn(drop).join().unwrap();
    }
}

/// Repeats the call until it does not fail as transient.
pub(crate) async fn until_done<T>(call: impl AsyncFn() -> Result<T, Error>) -> T {
    let tries = async {
        loop {
            match call().await {
                Err(error) if error.is_transient() => tokio::task::yield_now().await,
                result => return result.unwrap(),
            }
        }
    };
    timeout(DEADLINE, tries).await.expect("the call succeeds in the end")
}

/// A deadline only; no test needs this long.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
