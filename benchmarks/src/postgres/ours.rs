//! `jobs` as a contestant on a server, with its default settings.

use std::ops::Range;
use std::sync::{Arc, Mutex};

use bench_protocol::postgres::Queue;
use bench_protocol::{METHOD, Outcome, Payload, Tally, Task};
use jobs::{Client, Enqueued, Runtime, RuntimeHandle};

use crate::ours::job::{Counted, ProcessPayment};
use crate::scenario::runtime;
use crate::{rails, redis};

/// The runtime as a user would configure it.
#[derive(Clone)]
pub(super) struct Ours {
    jobs: Client,
    /// `None` after the start.
    runtime: Arc<Mutex<Option<Runtime>>>,
}

impl Queue for Ours {
    type Worker = RuntimeHandle;

    async fn open(task: &Task, tally: Arc<Tally>) -> Outcome<Self> {
        let runtime = runtime(task).provide(Counted(tally)).build().await?;
        Ok(Self { jobs: runtime.client(), runtime: Arc::new(Mutex::new(Some(runtime))) })
    }

    async fn enqueue(&self, payload: Payload) -> Outcome<()> {
        match ProcessPayment::perform_later(payload.order_id, METHOD).on(&self.jobs).await? {
            Enqueued::New(_) => Ok(()),
            other => Err(format!("the job was not stored: {other:?}").into()),
        }
    }

    async fn enqueue_all(&self, numbers: Range<u64>) -> Outcome<()> {
        let jobs = numbers.map(|number| ProcessPayment::new(number, METHOD));
        let _stored = self.jobs.perform_all_later(jobs).await?;
        Ok(())
    }

    async fn start(&self) -> Outcome<RuntimeHandle> {
        let runtime = self.runtime.lock().map_err(|_| "a start panicked")?.take();
        Ok(runtime.ok_or("it was started before")?.start().await?)
    }

    async fn stop(worker: RuntimeHandle) -> Outcome<()> {
        worker.stop().await;
        Ok(())
    }

    fn unfinished(task: &Task) -> String {
        let postgres = task.tables.map_or("SELECT count(*) FROM jobs.jobs", rails::unfinished);
        (if task.is_on_redis() { redis::UNFINISHED } else { postgres }).to_owned()
    }

    fn finished(task: &Task) -> Option<String> {
        let postgres = task.tables.map_or(Some("SELECT count(*) FROM jobs.done"), rails::finished);
        if task.is_on_redis() { Some(redis::PROCESSED.to_owned()) } else { postgres.map(str::to_owned) }
    }
}
