//! `graphile_worker` as a contestant; started by the benchmark.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use bench_protocol::postgres::{self, Queue, chunks};
use bench_protocol::{Outcome, Payload, Tally, Task};
use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, LocalQueueConfig, TaskHandler, Worker, WorkerContext, WorkerOptions, WorkerUtils,
};
use serde::{Deserialize, Serialize};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use tokio::task::JoinHandle;

fn main() -> ExitCode {
    postgres::main::<Graphile>("bench-graphile")
}

const SCHEMA: &str = "graphile_worker";

/// With the settings of its README, or with all its settings for speed.
#[derive(Clone)]
struct Graphile {
    contestant: String,
    pool: PgPool,
    utils: WorkerUtils,
    tally: Arc<Tally>,
}

/// The tally in the form in which the job gets it.
#[derive(Clone, Debug)]
struct Counted(Arc<Tally>);

/// The benchmark job, which does nothing.
#[derive(Clone, Serialize, Deserialize)]
struct ProcessPayment(Payload);

impl TaskHandler for ProcessPayment {
    const IDENTIFIER: &'static str = "process_payment";

    async fn run(self, context: WorkerContext) -> impl IntoTaskHandlerResult {
        let counted = context.get_ext::<Counted>().ok_or_else(|| "no tally".to_owned())?;
        counted.0.performed(self.0.order_id);
        Ok::<(), String>(())
    }
}

/// A running worker, and the task to wait for its end.
struct Running {
    worker: Arc<Worker>,
    ended: JoinHandle<()>,
}

impl Graphile {
    fn options(&self) -> WorkerOptions {
        let options = WorkerOptions::default()
            .schema(SCHEMA)
            .pg_pool(self.pool.clone())
            .listen_os_shutdown_signals(false)
            .add_extension(Counted(Arc::clone(&self.tally)))
            .define_job::<ProcessPayment>();
        match self.contestant.as_str() {
            "graphile (500 × 2)" => fast(options, 500, 2),
            "graphile (1000 × 4)" => fast(options, 1000, 4),
            // The concurrency of its worker program; the library uses the number of processors.
            _ => options.concurrency(16),
        }
    }
}

/// Jobs are prefetched, and completed in batches.
fn fast(options: WorkerOptions, size: usize, queues: usize) -> WorkerOptions {
    let mut ahead = LocalQueueConfig::default().with_size(size);
    ahead.queue_count = queues;
    options.concurrency(50).local_queue(ahead).complete_job_batch_delay(Duration::from_millis(5))
}

impl Queue for Graphile {
    type Worker = Running;

    async fn open(task: &Task, tally: Arc<Tally>) -> Outcome<Self> {
        let pool = PgPoolOptions::new().max_connections(20).connect(&task.place).await?;
        let utils = WorkerUtils::new(pool.clone(), SCHEMA);
        utils.migrate().await?;
        Ok(Self { contestant: task.contestant.clone(), pool, utils, tally })
    }

    async fn enqueue(&self, payload: Payload) -> Outcome<()> {
        let _job = self.utils.add_job(ProcessPayment(payload), JobSpec::default()).await?;
        Ok(())
    }

    async fn enqueue_all(&self, numbers: Range<u64>) -> Outcome<()> {
        for chunk in chunks(numbers) {
            let jobs: Vec<_> = chunk.map(|number| (ProcessPayment(Payload::new(number)), JobSpec::default())).collect();
            let jobs: Vec<_> = jobs.iter().map(|(job, spec)| (job.clone(), spec)).collect();
            let _jobs = self.utils.add_jobs::<ProcessPayment>(&jobs).await?;
        }
        Ok(())
    }

    async fn start(&self) -> Outcome<Running> {
        let worker = Arc::new(self.options().init().await?);
        let running = Arc::clone(&worker);
        let ended = tokio::spawn(async move {
            if let Err(error) = running.run().await {
                eprintln!("the worker failed: {error}");
            }
        });
        Ok(Running { worker, ended })
    }

    async fn stop(worker: Running) -> Outcome<()> {
        worker.worker.request_shutdown();
        let _slow = tokio::time::timeout(Duration::from_secs(20), worker.ended).await;
        Ok(())
    }

    fn unfinished(_task: &Task) -> String {
        format!("SELECT count(*) FROM {SCHEMA}._private_jobs")
    }

    fn finished(_task: &Task) -> Option<String> {
        None
    }
}
