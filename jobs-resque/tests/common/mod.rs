//! Shared by the tests: a database of a server for each test.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

pub(crate) mod jobs;
#[path = "../../../jobs-redis/tests/common/log.rs"]
pub(crate) mod log;
#[path = "../../../jobs-redis/tests/common/server.rs"]
pub(crate) mod server;

use std::sync::Arc;

use jobs_core::Clock;
use jobs_resque::{ResqueOptions, ResqueStore};
use jobs_testing::{ManualClock, skip};
use redis::{Client, FromRedisValue};

pub(crate) use server::NO_SERVER;
use server::OwnServer;

/// How many databases `bin/redis` gives the server. The first one counts them.
const DATABASES: u64 = 10_000;

impl OwnServer {
    pub(crate) fn url(&self) -> String {
        format!("resque+{}", self.address())
    }
}

/// An empty database for one test.
pub(crate) struct TestDb {
    pub(crate) url: String,
    pub(crate) clock: Arc<ManualClock>,
    client: Client,
}

impl TestDb {
    /// A database on the server for tests. If there is no server, the test is recorded as skipped and gets `None`.
    pub(crate) async fn new() -> Option<Self> {
        let found = Self::found().await;
        if found.is_none() {
            skip(NO_SERVER);
        }
        found
    }

    /// As [`new`](Self::new), without recording that the test was skipped.
    pub(crate) async fn found() -> Option<Self> {
        let server = std::env::var("JOBS_TEST_REDIS").ok().filter(|url| !url.is_empty())?;
        let mut first = Client::open(server.as_str()).unwrap().get_multiplexed_async_connection().await.unwrap();
        let number: u64 = redis::cmd("INCR").arg("jobs tests").query_async(&mut first).await.unwrap();
        let address = format!("{server}/{}", 1 + number % (DATABASES - 1));
        let client = Client::open(address.as_str()).unwrap();
        let db = Self { url: format!("resque+{address}"), clock: Arc::new(ManualClock::new()), client };
        let _: () = db.run(&["FLUSHDB"]).await;
        Some(db)
    }

    pub(crate) fn by(&self, clock: Arc<dyn Clock>) -> ResqueOptions {
        ResqueOptions::from_url(&self.url).unwrap().clock(clock)
    }

    pub(crate) async fn open(&self) -> ResqueStore {
        self.by(self.clock.clone()).connect().await.unwrap()
    }

    /// Runs a command beside the store.
    pub(crate) async fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(word);
        }
        self.run_command(&command).await
    }

    pub(crate) async fn run_command<T: FromRedisValue>(&self, command: &redis::Cmd) -> T {
        command.query_async(&mut self.client.get_multiplexed_async_connection().await.unwrap()).await.unwrap()
    }

    /// The texts of a list, from the left.
    pub(crate) async fn list(&self, key: &str) -> Vec<String> {
        self.run(&["LRANGE", key, "0", "-1"]).await
    }

    /// All keys in their order, without those that are only ours and those of `except`.
    pub(crate) async fn keys(&self, except: &[&str]) -> Vec<String> {
        let mut keys: Vec<String> = self.run(&["KEYS", "*"]).await;
        keys.retain(|key| !except.contains(&key.as_str()) && !key.starts_with("resque:jobs_rs:"));
        keys.sort();
        keys
    }
}
