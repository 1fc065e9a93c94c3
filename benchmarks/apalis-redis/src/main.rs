//! `apalis-redis` as a contestant; started by the benchmark.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::*;
use apalis_redis::ConnectionManager;
use apalis_redis::{Config, RedisStorage};
use bench_protocol::postgres::{self, Queue, chunks};
use bench_protocol::{Outcome, Payload, Tally, Task as Order};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

fn main() -> ExitCode {
    postgres::main::<Apalis>("bench-apalis-redis")
}

/// With the settings of its README, or with larger batches and a higher concurrency.
#[derive(Clone)]
struct Apalis {
    is_tuned: bool,
    connection: ConnectionManager,
    tally: Arc<Tally>,
}

/// A running worker.
struct Running {
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), WorkerError>>,
}

impl Apalis {
    fn storage(&self) -> RedisStorage<Payload> {
        let config = Config::default().queue("payments");
        let config = if self.is_tuned { config.batch_size(100).lock_tasks(false).emit_events(false) } else { config };
        RedisStorage::new(self.connection.clone()).with_config(config)
    }
}

impl Queue for Apalis {
    type Worker = Running;

    async fn open(task: &Order, tally: Arc<Tally>) -> Outcome<Self> {
        let connection = apalis_redis::connect(task.place.as_str()).await?;
        Ok(Self { is_tuned: task.contestant == "apalis-redis (tuned)", connection, tally })
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

    async fn start(&self) -> Outcome<Running> {
        let (stop, stopped) = oneshot::channel::<()>();
        let signal = async move {
            let _asked = stopped.await;
            Ok::<(), std::io::Error>(())
        };
        let worker = WorkerBuilder::new("payments");
        let worker = worker.backend(self.storage()).data(Arc::clone(&self.tally));
        let ended = if self.is_tuned {
            tokio::spawn(worker.parallelize(tokio::spawn).build(process_payment).run_until(signal))
        } else {
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
        "return redis.call('HLEN', 'payments:data') - redis.call('SCARD', 'payments:done')".to_owned()
    }

    fn finished(_task: &Order) -> Option<String> {
        Some("return redis.call('SCARD', 'payments:done')".to_owned())
    }
}

/// The benchmark job, which does nothing.
async fn process_payment(payment: Payload, tally: Data<Arc<Tally>>) -> Result<(), BoxDynError> {
    tally.performed(payment.order_id);
    Ok(())
}
