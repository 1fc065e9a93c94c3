//! A process dies around the commit in which its job completes itself: the effect happens exactly once.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use jobs_core::{BoxError, Context, Definition, Inspect, Job, JobId, Settings, State, SystemClock};
use jobs_postgres::PostgresOptions;
use jobs_runtime::{JobExt, Runtime};
use serde::{Deserialize, Serialize};

use crate::bank::Bank;
use crate::common::stranger;

const CHILD: &str = "JOBS_POSTGRES_TEST_CHILD";

/// Where the process under test works.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Site {
    url: String,
    schema: String,
    order: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Dies {
    BeforeCommit,
    AfterCommit,
}

/// Writes an order and completes itself with it. Its first process dies.
#[derive(Debug, Serialize, Deserialize)]
struct Pay {
    dies: Dies,
}

impl Job for Pay {
    type Output = ();
    type Error = BoxError;
    const SETTINGS: Settings = Settings::new("pay");

    async fn perform(self, context: &Context) -> Result<(), BoxError> {
        let site = context.provided::<Site>();
        let dies = |when| context.attempt() == 1 && self.dies == when;
        let mut client = stranger(&site.url).await;
        let mut transaction = client.transaction().await?;
        transaction.batch_execute(&site.order).await?;
        context.complete_within(&mut transaction).await?;
        if dies(Dies::BeforeCommit) {
            std::process::abort();
        }
        transaction.commit().await?;
        if dies(Dies::AfterCommit) {
            std::process::abort();
        }
        Ok(())
    }
}

/// Not a test of its own: the process that dies, or the one after it.
#[tokio::test]
async fn child() {
    let Ok(site) = std::env::var(CHILD) else { return };
    let site: Site = serde_json::from_str(&site).unwrap();
    let options = PostgresOptions::from_url(&site.url).unwrap().schema(&site.schema).clock(Arc::new(SystemClock));
    let builder =
        Runtime::builder().store(Arc::new(options.connect().await.unwrap())).register([Definition::of::<Pay>()]);
    let silence = Duration::from_millis(300);
    let runtime = builder.provide(site).heartbeat_interval(silence / 6).dead_after(silence).build().await.unwrap();
    let running = runtime.start().await.unwrap();
    running.drained().await.unwrap();
    running.stop().await;
}

fn run(bank: &Bank) -> bool {
    let (url, schema) = (bank.db.url.clone(), bank.db.schema.clone());
    let site = Site { url, schema, order: bank.order() };
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["killed::child", "--exact"])
        .env(CHILD, serde_json::to_string(&site).unwrap())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    child.unwrap().success()
}

async fn killed(dies: Dies) -> Option<(Bank, JobId)> {
    let bank = Bank::open().await?;
    let id = Pay { dies }.enqueue().on(&bank.jobs).queue("pay").await.unwrap().id().unwrap();
    assert!(!run(&bank), "the job was to kill its process");
    Some((bank, id))
}

#[tokio::test]
async fn a_process_that_dies_after_the_commit_leaves_a_job_that_is_done() {
    let Some((bank, id)) = killed(Dies::AfterCommit).await else { return };
    assert!(run(&bank), "another process finds nothing to do");
    let job = bank.store.find(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.crashes), (State::Finished, 1, 0));
    assert_eq!(bank.orders().await, 1);
}

#[tokio::test]
async fn a_process_that_dies_before_the_commit_leaves_a_job_that_runs_again() {
    let Some((bank, id)) = killed(Dies::BeforeCommit).await else { return };
    assert_eq!(bank.orders().await, 0);
    assert!(run(&bank), "another process does it");
    let job = bank.store.find(id).await.unwrap().unwrap();
    assert_eq!((job.state, job.attempts, job.crashes), (State::Finished, 2, 1));
    assert_eq!(bank.orders().await, 1);
}
