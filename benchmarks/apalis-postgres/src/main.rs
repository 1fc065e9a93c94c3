//! `apalis-postgres` as a contestant; started by the benchmark.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::*;
use apalis_postgres::{Config, PgPool, PostgresStorage};
use bench_protocol::postgres::{self, Queue, chunks};
use bench_protocol::{Outcome, Payload, Tally, Task as Order};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

fn main() -> ExitCode {
    postgres::main::<Apalis>("bench-apalis-postgres")
}

/// With the settings of its README, or with larger batches and a higher concurrency.
#[derive(Clone)]
struct Apalis {
    is_tuned: bool,
    pool: PgPool,
    tally: Arc<Tally>,
}

/// A running worker.
struct Running {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), WorkerError>>,
}

impl Apalis {
    fn storage(&self) -> PostgresStorage<Payload> {
        let config = Config::default().queue("payments");
        let config = if self.is_tuned { config.batch_size(100).lock_tasks(false) } else { config };
        PostgresStorage::new(&self.pool).with_config(config)
    }
}

impl Queue for Apalis {
    type Worker = Running;

    async fn open(task: &Order, tally: Arc<Tally>) -> Outcome<Self> {
        let pool = PgPool::connect(&task.place).await?;
        PostgresStorage::setup(&pool).await?;
        Ok(Self { is_tuned: task.contestant == "apalis-postgres (tuned)", pool, tally })
    }

    async fn enqueue(&self, payload: Payload) -> Outcome<()> {
        Ok(self.storage().push(payload).await?)
    }

    async fn enqueue_all(&self, numbers: Range<u64>) -> Outcome<()> {
        let mut storage = self.storage();
        for chunk in chunks(numbers) {
            storage.push_bulk(chunk.map(Payload::new).collect()).await?;
        }
        Ok(())
    }

    /// Woken by notifications. It also polls, because jobs that were enqueued before its start are not notified.
    async fn start(&self) -> Outcome<Running> {
        let (stop, stopped) = oneshot::channel::<()>();
        let signal = async move {
            let _asked = stopped.await;
            Ok::<(), std::io::Error>(())
        };
        let worker = WorkerBuilder::new("payments");
        let ended = if self.is_tuned {
            let backend = self.storage().with_pubsub().poll_with_interval(Duration::from_millis(5));
            let worker = worker.backend(backend).data(Arc::clone(&self.tally)).parallelize(tokio::spawn);
            tokio::spawn(worker.build(process_payment).run_until(signal))
        } else {
            let backend = self.storage().with_pubsub().poll_with_interval(Duration::from_millis(100));
            let worker = worker.backend(backend).data(Arc::clone(&self.tally));
            tokio::spawn(worker.build(process_payment).run_until(signal))
        };
        Ok(Running { stop, ended })
    }

    async fn stop(worker: Running) -> Outcome<()> {
        let _ended = worker.stop.send(());
        // A worker that was stopped on request also returns an error.
        let _how = tokio::time::timeout(Duration::from_secs(10), worker.ended).await;
        Ok(())
    }

    fn unfinished(_task: &Order) -> String {
        "SELECT count(*) FROM apalis.jobs WHERE status <> 'Done'".to_owned()
    }

    fn finished(_task: &Order) -> Option<String> {
        Some("SELECT count(*) FROM apalis.jobs WHERE status = 'Done'".to_owned())
    }
}

/// The benchmark job, which does nothing.
async fn process_payment(payment: Payload, tally: Data<Arc<Tally>>) -> Result<(), BoxDynError> {
    tally.performed(payment.order_id);
    Ok(())
}
