//! The Rust side of the fleet: its jobs, and the process that performs them.

use std::process::{Command, Stdio};
use std::time::Duration;

use jobs::prelude::*;
use redis::aio::MultiplexedConnection;

use crate::redis_db::{Db, connect};
use crate::ruby::Running;

/// The environment variables of a worker process: the store and the ledger.
const STORE: &str = "JOBS_FLEET_STORE";
const LEDGER: &str = "JOBS_FLEET_LEDGER";

/// Where the jobs note down what they did.
pub(crate) struct Ledger(MultiplexedConnection);

impl Ledger {
    async fn is_first_run(&self, key: &str) -> anyhow::Result<bool> {
        Ok(redis::cmd("SETNX").arg(format!("first {key}")).arg(1).query_async(&mut self.0.clone()).await?)
    }

    async fn perform(&self, key: &str) -> anyhow::Result<()> {
        let key = format!("rust {key}");
        let mut both = redis::pipe();
        both.atomic().rpush("ended", &key).sadd("ended once", &key);
        Ok(both.query_async(&mut self.0.clone()).await?)
    }
}

#[job(name = "RustPlain", queue = "rust")]
pub(crate) async fn rust_plain(key: String, _number: u64, ledger: &Ledger) -> anyhow::Result<()> {
    ledger.perform(&key).await
}

/// The first attempt fails.
#[job(name = "RustFlaky", queue = "rust", retry_on(any, wait = 1s, attempts = 3))]
pub(crate) async fn rust_flaky(key: String, ctx: &Context, ledger: &Ledger) -> anyhow::Result<()> {
    anyhow::ensure!(ctx.attempt() > 1, "the first attempt of {key} fails");
    ledger.perform(&key).await
}

/// The first run fails, and the next one is an hour later unless a person retries it.
#[job(name = "RustPatient", queue = "rust", retry_on(any, wait = 1h, attempts = 3))]
pub(crate) async fn rust_patient(key: String, ledger: &Ledger) -> anyhow::Result<()> {
    anyhow::ensure!(!ledger.is_first_run(&key).await?, "the first run of {key} fails");
    ledger.perform(&key).await
}

/// Fails for good.
#[job(name = "RustDying", queue = "rust")]
pub(crate) async fn rust_dying(key: String) -> anyhow::Result<()> {
    anyhow::bail!("{key} is given up")
}

/// Enqueued by Ruby as an Active Job, with a keyword.
#[job(name = "RustActiveJob", queue = "rust")]
pub(crate) async fn rust_active_job(key: String, number: u64, ledger: &Ledger) -> anyhow::Result<()> {
    anyhow::ensure!(number > 0, "the keyword has its value");
    ledger.perform(&key).await
}

/// Performed by Ruby: only its name, queue and parameters are used here.
#[job(name = "RubyPlain", queue = "ruby")]
pub(crate) async fn ruby_plain(key: String, number: u64) -> anyhow::Result<()> {
    anyhow::bail!("Rust never performs {key} {number}")
}

/// Enqueued into a queue of Ruby by mistake.
#[job(name = "RustMisplaced", queue = "ruby")]
pub(crate) async fn rust_misplaced(number: u64) -> anyhow::Result<()> {
    anyhow::bail!("Rust never performs {number}")
}

/// An Active Job that Ruby performs.
#[job(name = "RubyActiveJob", queue = "ruby")]
pub(crate) async fn ruby_active_job(key: String, number: u64) -> anyhow::Result<()> {
    anyhow::bail!("Rust never performs {key} {number}")
}

/// Performed by Ruby: its first run fails.
#[jobs::remote(name = "RubyFlaky", queue = "ruby")]
pub(crate) fn ruby_flaky(key: String);

/// Performed by Ruby: each run fails, and its class says that it is not retried.
#[jobs::remote(name = "RubyOnce", queue = "ruby")]
pub(crate) fn ruby_once(key: String);

/// Performed by Ruby: takes 50 ms.
#[jobs::remote(name = "RubySlow", queue = "ruby")]
pub(crate) fn ruby_slow(key: String);

/// A client of the store with these options, for a test.
pub(crate) async fn client(db: &Db, options: &str) -> Client {
    let builder = Runtime::builder().connect(db.store() + options).provide(Ledger(connect(&db.ledger).await.unwrap()));
    builder.build().await.unwrap().client()
}

/// Starts a worker process for the queue `rust`.
pub(crate) fn start(db: &Db) -> Running {
    start_with(db, "")
}

/// The same with these options of the store.
pub(crate) fn start_with(db: &Db, options: &str) -> Running {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["worker::child", "--exact", "--nocapture"]).env(STORE, db.store() + options).env(LEDGER, &db.ledger);
    Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// The worker process. In a run of all tests it does nothing.
#[test]
fn child() {
    let Ok(store) = std::env::var(STORE) else { return };
    let work = async {
        let ledger = Ledger(connect(&std::env::var(LEDGER).unwrap()).await.unwrap());
        let builder = Runtime::builder().connect(store).provide(ledger);
        let builder = builder
            .worker(Worker::new(["rust"]).concurrency(8))
            .heartbeat_interval(Duration::from_millis(300))
            .dead_after(Duration::from_secs(2));
        let builder = builder.dispatch_interval(Duration::from_millis(200)).poll_interval(Duration::from_millis(100));
        builder.build().await.unwrap().run().await.unwrap();
    };
    tokio::runtime::Runtime::new().unwrap().block_on(work);
}
