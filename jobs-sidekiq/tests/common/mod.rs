//! Shared by the tests: a server, and a database of it for each test.
#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

pub(crate) mod jobs;
#[path = "../../../jobs-redis/tests/common/log.rs"]
pub(crate) mod log;
#[path = "../../../jobs-redis/tests/common/server.rs"]
pub(crate) mod server;

use std::sync::Arc;

use jobs_core::Clock;
use jobs_sidekiq::{SidekiqOptions, SidekiqStore};
use jobs_testing::{ManualClock, skip};
use redis::aio::MultiplexedConnection;
use redis::{Client, FromRedisValue};

pub(crate) use server::NO_SERVER;
use server::OwnServer;

/// How many databases `bin/redis` gives the server. The first one counts them.
const DATABASES: u64 = 10_000;

impl OwnServer {
    pub(crate) fn url(&self) -> String {
        format!("sidekiq+{}", self.address())
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
        let db = Self { url: format!("sidekiq+{address}"), clock: Arc::new(ManualClock::new()), client };
        let _: () = db.run(&["FLUSHDB"]).await;
        Some(db)
    }

    pub(crate) fn by(&self, clock: Arc<dyn Clock>) -> SidekiqOptions {
        SidekiqOptions::from_url(&self.url).unwrap().clock(clock)
    }

    pub(crate) async fn open(&self) -> SidekiqStore {
        self.by(self.clock.clone()).connect().await.unwrap()
    }

    /// A connection that does not belong to the store.
    pub(crate) async fn connection(&self) -> MultiplexedConnection {
        self.client.get_multiplexed_async_connection().await.unwrap()
    }

    /// Runs a command beside the store.
    pub(crate) async fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        let mut command = redis::Cmd::new();
        for word in words {
            command.arg(word);
        }
        command.query_async(&mut self.connection().await).await.unwrap()
    }
}
