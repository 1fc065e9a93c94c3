//! `underway` as a contestant; started by the benchmark.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bench_protocol::postgres::{self, Queue, chunks, in_place};
use bench_protocol::{Outcome, Payload, Tally, Task};
use sqlx::{PgPool, Postgres, Transaction};
use tokio::task::JoinHandle;
use underway::Worker;

fn main() -> ExitCode {
    postgres::main::<Underway>("bench-underway")
}

/// `Queue` and `Worker` without the steps of a `Job`, which would be stored with each task.
#[derive(Clone)]
struct Underway {
    pool: PgPool,
    queue: Arc<underway::Queue<ProcessPayment>>,
    job: ProcessPayment,
}

/// The benchmark job, which does nothing.
#[derive(Clone)]
struct ProcessPayment(Arc<Tally>);

impl underway::Task for ProcessPayment {
    type Input = Payload;
    type Output = ();

    async fn execute(&self, _transaction: Transaction<'_, Postgres>, payment: Payload) -> underway::task::Result<()> {
        self.0.performed(payment.order_id);
        Ok(())
    }
}

/// A running worker.
struct Running {
    worker: Worker<ProcessPayment>,
    ended: JoinHandle<()>,
}

impl Queue for Underway {
    type Worker = Running;

    async fn open(task: &Task, tally: Arc<Tally>) -> Outcome<Self> {
        let pool = PgPool::connect(&task.place).await?;
        in_place(underway::run_migrations(&pool))?;
        let queue = underway::Queue::builder().name("payments").pool(pool.clone()).build().await?;
        Ok(Self { pool, queue: Arc::new(queue), job: ProcessPayment(tally) })
    }

    async fn enqueue(&self, payload: Payload) -> Outcome<()> {
        let _id = self.queue.enqueue(&self.pool, &self.job, &payload).await?;
        Ok(())
    }

    async fn enqueue_all(&self, numbers: Range<u64>) -> Outcome<()> {
        for chunk in chunks(numbers) {
            let inputs: Vec<_> = chunk.map(Payload::new).collect();
            let _count = self.queue.enqueue_multi(&self.pool, &self.job, &inputs).await?;
        }
        Ok(())
    }

    async fn start(&self) -> Outcome<Running> {
        let worker = Worker::new(Arc::clone(&self.queue), self.job.clone());
        let running = worker.clone();
        let ended = tokio::spawn(async move {
            if let Err(error) = running.run().await {
                eprintln!("the worker failed: {error}");
            }
        });
        Ok(Running { worker, ended })
    }

    async fn stop(worker: Running) -> Outcome<()> {
        worker.worker.shutdown();
        let _slow = tokio::time::timeout(Duration::from_secs(10), worker.ended).await;
        Ok(())
    }

    fn unfinished(_task: &Task) -> String {
        "SELECT count(*) FROM underway.task WHERE state <> 'succeeded'".to_owned()
    }

    fn finished(_task: &Task) -> Option<String> {
        Some("SELECT count(*) FROM underway.task WHERE state = 'succeeded'".to_owned())
    }
}
