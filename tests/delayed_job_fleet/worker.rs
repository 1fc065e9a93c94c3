//! The Rust side of the fleet: its jobs, and the process that performs them.

use std::process::{Command, Stdio};
use std::time::Duration;

use jobs::prelude::*;
use jobs_sql::Database;

use crate::application::Application;
use crate::ruby::Running;

/// The environment variables of a worker process: the store and the database of the ledger.
const STORE: &str = "JOBS_DELAYED_JOB_FLEET_STORE";
const LEDGER: &str = "JOBS_DELAYED_JOB_FLEET_LEDGER";

/// Where the jobs note down what they did.
pub(crate) struct Ledger(Database);

impl Ledger {
    async fn perform(&self, key: &str) -> anyhow::Result<()> {
        let mut transaction = self.0.begin("note down a job").await?;
        transaction.execute("INSERT INTO delayed_job_ledger (job) VALUES (?)", &[format!("rust {key}").into()]).await?;
        transaction.commit().await?;
        Ok(())
    }
}

#[job(name = "RustLedger", queue = "rust", retry_on(any, wait = 1s, attempts = 5))]
pub(crate) async fn rust_ledger(key: String, ledger: &Ledger) -> anyhow::Result<()> {
    ledger.perform(&key).await
}

/// A struct of Ruby.
#[job(name = "RustStruct", queue = "rust", retry_on(any, wait = 1s, attempts = 5))]
pub(crate) async fn rust_struct(key: String, ledger: &Ledger) -> anyhow::Result<()> {
    ledger.perform(&key).await
}

/// The first attempt fails, and Active Job's rules retry it.
#[job(name = "RustFlaky", queue = "rust", retry_on(any, wait = 1s, attempts = 9))]
pub(crate) async fn rust_flaky(key: String, ctx: &Context, ledger: &Ledger) -> anyhow::Result<()> {
    anyhow::ensure!(ctx.attempt() > 1, "the first attempt of {key} fails");
    ledger.perform(&key).await
}

#[jobs::remote(name = "RubyLedger", queue = "ruby")]
pub(crate) fn ruby_ledger(key: String);

#[jobs::remote(name = "RubySlow", queue = "ruby")]
pub(crate) fn ruby_slow(key: String);

#[jobs::remote(name = "RubyFlaky", queue = "ruby")]
pub(crate) fn ruby_flaky(key: String);

/// A client of the store, for a test.
pub(crate) async fn client(application: &Application) -> Client {
    Runtime::builder()
        .connect(application.store())
        .provide(Ledger(Database::open(&application.url).await.unwrap()))
        .build()
        .await
        .unwrap()
        .client()
}

/// Starts a worker process for the queue `rust`.
pub(crate) fn start(application: &Application) -> Running {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["worker::child", "--exact", "--nocapture"]);
    command.env(STORE, application.store()).env(LEDGER, &application.url);
    Running(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
}

/// The worker process. In a run of all tests it does nothing.
#[test]
fn child() {
    let Ok(store) = std::env::var(STORE) else { return };
    let work = async {
        let ledger = Ledger(Database::open(&std::env::var(LEDGER).unwrap()).await.unwrap());
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
