//! What the tests of this crate share: a server, a schema of their own on it, a clock set by hand, and plain jobs.
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

/// The server for tests; `None` if there is none, and then the test is noted down as skipped.
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

/// Whether there is time for every round; by default for some of them.
pub(crate) fn thorough() -> bool {
    std::env::var_os("JOBS_TEST_THOROUGH").is_some()
}

/// A schema that goes away with it.
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) schema: String,
    pub(crate) clock: Arc<ManualClock>,
}

impl Place {
    /// One for a test; `None` if there is no server, and then the test is noted down as skipped.
    pub(crate) fn new() -> Option<Self> {
        Some(Self::on(&server()?))
    }

    /// One without a word if there is no server.
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

    /// As [`by`](Self::by), without a wait for the disk at each commit: for tests that are not about a crash.
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

    /// A connection of somebody else's.
    pub(crate) async fn stranger(&self) -> Client {
        stranger(&self.url).await
    }

    /// A statement for this schema.
    pub(crate) fn sql(&self, text: &str) -> String {
        text.replace("{schema}", &format!("\"{}\"", self.schema))
    }

    /// Makes the tables what they were after so many steps of migration; the jobs in them stay.
    pub(crate) async fn back_to_step(&self, steps: usize) {
        for undo in BACK[steps - 1..].iter().rev() {
            self.run(undo).await;
        }
        self.run(&format!("UPDATE {{schema}}.jobs_schema SET version = {steps}")).await;
    }

    /// Runs words as somebody else.
    pub(crate) async fn run(&self, text: &str) {
        self.stranger().await.batch_execute(&self.sql(text)).await.unwrap();
    }
}

/// What takes back each step after the first.
const BACK: [&str; 4] = [
    "DROP TABLE {schema}.unique_keys",
    "ALTER TABLE {schema}.tallies DROP COLUMN total, DROP COLUMN discarded",
    "DROP TABLE {schema}.recurring_tasks",
    "ALTER INDEX {schema}.jobs_ready RENAME TO jobs_ready_in_queue;
     CREATE INDEX jobs_ready ON {schema}.jobs (priority DESC, seq) WHERE state = 2",
];

pub(crate) async fn stranger(url: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

impl Drop for Place {
    fn drop(&mut self) {
        // The runtime of the test is going away, so the schema is dropped from another one.
        let (url, words) =
            (self.url.clone(), self.sql("SET lock_timeout = '5s'; DROP SCHEMA IF EXISTS {schema} CASCADE"));
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            // A server that is gone has no schema either.
            let _gone = runtime.block_on(async {
                let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
                tokio::spawn(connection);
                client.batch_execute(&words).await
            });
        };
        std::thread::spawn(drop).join().unwrap();
    }
}

/// Tries until it is no matter of the connection.
pub(crate) async fn until_done<T>(call: impl AsyncFn() -> Result<T, Error>) -> T {
    let tries = async {
        loop {
            match call().await {
                Err(error) if error.is_transient() => tokio::task::yield_now().await,
                answer => return answer.unwrap(),
            }
        }
    };
    timeout(DEADLINE, tries).await.expect("it goes through in the end")
}

/// Only a deadline: nothing takes so long.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);
