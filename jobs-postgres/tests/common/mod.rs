//! What the tests of this crate share: a server, a schema of their own on it, a clock set by hand, and plain jobs.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test that cannot go on is to stop")]

pub(crate) mod relay;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use jobs_core::{Claim, Clock, Decision, JobId, NewJob, ProcessId, Settlement, State, Store};
use jobs_postgres::{PostgresOptions, PostgresStore};
use jobs_testing::ManualClock;
use tokio_postgres::{Client, NoTls};

/// The server for tests; `None`, with a word, if there is none.
pub(crate) fn server() -> Option<String> {
    let url = std::env::var("JOBS_TEST_POSTGRES").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        eprintln!("skipped: JOBS_TEST_POSTGRES names no server; `bin/postgres start` starts one");
    }
    url
}

/// A schema that goes away with it.
pub(crate) struct Place {
    pub(crate) url: String,
    pub(crate) schema: String,
    pub(crate) clock: Arc<ManualClock>,
}

impl Place {
    pub(crate) fn new() -> Option<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let schema = format!("test {} {number}", std::process::id());
        Some(Self { url: server()?, schema, clock: Arc::new(ManualClock::new()) })
    }

    pub(crate) fn options(&self) -> PostgresOptions {
        PostgresOptions::from_url(&self.url).unwrap().schema(&self.schema).clock(self.clock.clone())
    }

    pub(crate) fn by(&self, clock: Arc<dyn Clock>) -> PostgresOptions {
        self.options().clock(clock)
    }

    /// As [`by`](Self::by), without a wait for the disk at each commit: for tests that are not about a crash.
    pub(crate) fn quick(&self, clock: Arc<dyn Clock>) -> PostgresOptions {
        let url = format!("{}?options=-c%20synchronous_commit%3Doff", self.url);
        PostgresOptions::from_url(&url).unwrap().schema(&self.schema).clock(clock)
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

    /// Runs words as somebody else.
    pub(crate) async fn run(&self, text: &str) {
        self.stranger().await.batch_execute(&self.sql(text)).await.unwrap();
    }
}

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

pub(crate) async fn enqueue(store: &PostgresStore, numbers: std::ops::Range<u64>) {
    let _stored = store.enqueue(&jobs(numbers)).await.unwrap();
}

/// Claims up to `limit` jobs and finishes them; which they were.
pub(crate) async fn work(store: &PostgresStore, limit: usize) -> Vec<JobId> {
    let executions = store.claim(&Claim::all(ME, limit)).await.unwrap();
    let ids = executions.iter().map(jobs_core::Execution::id).collect();
    let _settled = store.settle(&finish(executions)).await.unwrap();
    ids
}

pub(crate) fn finish(executions: Vec<jobs_core::Execution>) -> Vec<Settlement> {
    executions.into_iter().map(|it| it.settle(Decision::Finish { keep: true })).collect()
}

pub(crate) async fn count(store: &PostgresStore, state: State) -> u64 {
    store.inspect().unwrap().counts().await.unwrap().of(state)
}
