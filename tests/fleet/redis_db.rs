//! Two databases of the Redis server for tests: Sidekiq's, and the ledger in which each side notes down what it performed.

use std::collections::BTreeMap;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, RedisError};
use tokio::time::{interval, timeout};

/// How many databases `bin/redis` gives the server. The first one counts them.
const DATABASES: u64 = 10_000;

/// Nothing takes that long.
const DEADLINE: Duration = Duration::from_secs(120);

/// The databases of one test.
pub(crate) struct Db {
    /// Sidekiq's database.
    pub(crate) sidekiq: String,
    /// That of the ledger.
    pub(crate) ledger: String,
}

impl Db {
    /// Two empty databases, if there is a server.
    pub(crate) async fn new() -> Option<Self> {
        let server = std::env::var("JOBS_TEST_REDIS").ok().filter(|url| !url.is_empty())?;
        let number: u64 = run(&server, &["INCRBY", "jobs tests", "2"]).await;
        let database = |number: u64| format!("{server}/{}", 1 + number % (DATABASES - 1));
        let db = Self { sidekiq: database(number), ledger: database(number + 1) };
        for url in [&db.sidekiq, &db.ledger] {
            let _: () = run(url, &["FLUSHDB"]).await;
        }
        Some(db)
    }

    /// The URL of the store.
    pub(crate) fn store(&self) -> String {
        format!("sidekiq+{}", self.sidekiq)
    }

    /// Runs a command on Sidekiq's database.
    pub(crate) async fn run<T: FromRedisValue>(&self, words: &[&str]) -> T {
        run(&self.sidekiq, words).await
    }

    /// How often each key is in a list of the ledger: `begun` or `ended`.
    pub(crate) async fn noted(&self, list: &str) -> BTreeMap<String, u32> {
        let lines: Vec<String> = run(&self.ledger, &["LRANGE", list, "0", "-1"]).await;
        let mut counts = BTreeMap::new();
        for line in lines {
            *counts.entry(line).or_default() += 1;
        }
        counts
    }

    /// Waits until so many different keys have ended.
    pub(crate) async fn have_ended(&self, keys: usize) {
        let ended = || async { run::<usize>(&self.ledger, &["SCARD", "ended once"]).await };
        self.waits(|| async { ended().await >= keys }, &format!("{keys} jobs ended")).await;
    }

    /// Waits until it is so.
    pub(crate) async fn waits<F: Future<Output = bool>>(&self, is_so: impl Fn() -> F, what: &str) {
        let mut ticks = interval(Duration::from_millis(50));
        let waited = timeout(DEADLINE, async {
            while !is_so().await {
                ticks.tick().await;
            }
        });
        let waited = waited.await;
        let ended: usize = run(&self.ledger, &["SCARD", "ended once"]).await;
        assert!(waited.is_ok(), "it never came true: {what}; {ended} jobs ended");
    }
}

/// A connection with time enough for a busy machine.
pub(crate) async fn connect(url: &str) -> Result<MultiplexedConnection, RedisError> {
    let patient =
        AsyncConnectionConfig::new().set_connection_timeout(Some(DEADLINE)).set_response_timeout(Some(DEADLINE));
    Client::open(url)?.get_multiplexed_async_connection_with_config(&patient).await
}

async fn run<T: FromRedisValue>(url: &str, words: &[&str]) -> T {
    let mut command = redis::Cmd::new();
    for word in words {
        command.arg(word);
    }
    command.query_async(&mut connect(url).await.unwrap()).await.unwrap()
}
