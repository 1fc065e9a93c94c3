//! `rusty-sidekiq` as a contestant; started by the benchmark.

use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;

use async_trait::async_trait;
use bench_protocol::postgres::{self, Queue};
use bench_protocol::{Outcome, Payload, Tally, Task};
use sidekiq::{Processor, ProcessorConfig, RedisConnectionManager, RedisPool, Worker};
use tokio::task::{JoinHandle, JoinSet};

fn main() -> ExitCode {
    postgres::main::<Rusty>("bench-rusty-sidekiq")
}

/// With its defaults, or with as many workers as its contestant's name says.
#[derive(Clone)]
struct Rusty {
    workers: Option<usize>,
    redis: RedisPool,
    tally: Arc<Tally>,
}

/// The benchmark job, which does nothing.
#[derive(Clone)]
struct ProcessPayment(Arc<Tally>);

#[async_trait]
impl Worker<Payload> for ProcessPayment {
    async fn perform(&self, payment: Payload) -> sidekiq::Result<()> {
        self.0.performed(payment.order_id);
        Ok(())
    }
}

impl Queue for Rusty {
    type Worker = JoinHandle<()>;

    async fn open(task: &Task, tally: Arc<Tally>) -> Outcome<Self> {
        let workers = task.contestant.split(['(', ')']).nth(1).and_then(|number| number.parse().ok());
        let manager = RedisConnectionManager::new(task.place.as_str())?;
        // Each worker holds a connection while it waits for a job.
        let connections = workers.map_or(10, |workers| u32::try_from(workers).unwrap_or(u32::MAX).saturating_add(8));
        let redis = bb8::Pool::builder().max_size(connections).build(manager).await?;
        Ok(Self { workers, redis, tally })
    }

    async fn enqueue(&self, payload: Payload) -> Outcome<()> {
        Ok(ProcessPayment::perform_async(&self.redis, payload).await?)
    }

    /// It has no bulk call: eight callers.
    async fn enqueue_all(&self, numbers: Range<u64>) -> Outcome<()> {
        let mut callers = JoinSet::new();
        for caller in 0..8 {
            let (queue, mine) = (self.clone(), numbers.clone().skip(caller).step_by(8));
            callers.spawn(async move {
                for number in mine {
                    queue.enqueue(Payload::new(number)).await?;
                }
                Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
            });
        }
        callers.join_all().await.into_iter().collect()
    }

    async fn start(&self) -> Outcome<JoinHandle<()>> {
        let mut processor = Processor::new(self.redis.clone(), vec!["default".to_owned()]);
        if let Some(workers) = self.workers {
            processor = processor.with_config(ProcessorConfig::default().num_workers(workers));
        }
        processor.register(ProcessPayment(Arc::clone(&self.tally)));
        Ok(tokio::spawn(processor.run()))
    }

    /// It would wait for some seconds; it holds no job at the end.
    async fn stop(worker: JoinHandle<()>) -> Outcome<()> {
        worker.abort();
        Ok(())
    }

    /// A job that runs is nowhere in Redis.
    fn unfinished(_task: &Task) -> String {
        "return redis.call('LLEN', 'queue:default')".to_owned()
    }

    fn finished(_task: &Task) -> Option<String> {
        None
    }
}
