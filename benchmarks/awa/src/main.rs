//! `awa` as a contestant; started by the benchmark.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use awa::model::{insert_many, migrations};
use awa::{Client, InsertOpts, InsertParams, JobArgs, JobResult, QueueConfig, insert_with};
use bench_protocol::postgres::{self, Look, Queue, chunks, in_place};
use bench_protocol::{Outcome, Payload, Tally, Task};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;

fn main() -> ExitCode {
    postgres::main::<Awa>("bench-awa")
}

const QUEUE: &str = "payments";

/// With the defaults, or with a high concurrency.
#[derive(Clone)]
struct Awa {
    is_tuned: bool,
    pool: PgPool,
    tally: Arc<Tally>,
}

/// The benchmark job, which does nothing.
#[derive(Debug, Serialize, Deserialize, JobArgs)]
struct ProcessPayment {
    order_id: u64,
    method: String,
}

impl From<Payload> for ProcessPayment {
    fn from(Payload { order_id, method }: Payload) -> Self {
        Self { order_id, method }
    }
}

impl Awa {
    async fn client(&self) -> Outcome<Client> {
        let concurrency = if self.is_tuned { 512 } else { QueueConfig::default().max_workers };
        let tally = Arc::clone(&self.tally);
        let client = Client::builder(self.pool.clone())
            .queue(QUEUE, QueueConfig { max_workers: concurrency, ..QueueConfig::default() })
            .register::<ProcessPayment, _, _>(move |payment, _context| {
                let tally = Arc::clone(&tally);
                async move {
                    tally.performed(payment.order_id);
                    Ok(JobResult::Completed)
                }
            })
            .build()?;
        client.start().await?;
        Ok(client)
    }
}

fn options() -> InsertOpts {
    InsertOpts { queue: QUEUE.to_owned(), ..InsertOpts::default() }
}

impl Queue for Awa {
    type Worker = Client;

    async fn open(task: &Task, tally: Arc<Tally>) -> Outcome<Self> {
        let pool = PgPoolOptions::new().max_connections(20).connect(&task.place).await?;
        in_place(migrations::run(&pool))?;
        let awa = Self { is_tuned: task.contestant == "awa (tuned)", pool, tally };
        let look = Look::open(&task.place).await?;
        if look.number("SELECT count(*) FROM awa.storage_transition_state WHERE state = 'canonical'").await? > 0 {
            // The first worker of an empty database chooses the fast storage.
            awa.client().await?.shutdown(Duration::from_secs(5)).await;
        }
        Ok(awa)
    }

    async fn enqueue(&self, payload: Payload) -> Outcome<()> {
        let _job = insert_with(&self.pool, &ProcessPayment::from(payload), options()).await?;
        Ok(())
    }

    async fn enqueue_all(&self, numbers: Range<u64>) -> Outcome<()> {
        for chunk in chunks(numbers) {
            let jobs = chunk
                .map(|number| awa::model::insert::params_with(&ProcessPayment::from(Payload::new(number)), options()))
                .collect::<Result<Vec<InsertParams>, _>>()?;
            let _jobs = insert_many(&self.pool, &jobs).await?;
        }
        Ok(())
    }

    async fn start(&self) -> Outcome<Client> {
        self.client().await
    }

    async fn stop(worker: Client) -> Outcome<()> {
        worker.shutdown(Duration::from_secs(10)).await;
        Ok(())
    }

    /// Read from the tables behind `awa.jobs`, because the view takes seconds with many jobs.
    fn unfinished(_task: &Task) -> String {
        "SELECT (SELECT count(*) FROM awa.ready_entries) - (SELECT count(*) FROM awa.done_entries)
                - (SELECT coalesce(sum(completed_count), 0)::bigint FROM awa.receipt_completion_batches)"
            .to_owned()
    }

    /// Finished jobs are removed later, by dropping whole tables.
    fn finished(_task: &Task) -> Option<String> {
        None
    }
}
