//! The steps that enqueue, one by one and in bulk.

use apalis::prelude::TaskSink;
use apalis_sqlite::SqliteStorage;
use bench_protocol::{Outcome, Payload, Report, Stopwatch, Task};

use crate::shown::Shown;
use crate::store;

/// The number of concurrent callers.
const CALLERS: u64 = 8;

/// The number of jobs per call.
const CHUNK: u64 = 1000;

/// Eight callers, each of which waits for a call before it makes the next one.
pub(crate) async fn one_by_one(task: &Task) -> Outcome<Report> {
    let pool = store::open(task).await?;
    let watch = Stopwatch::start();
    let share = task.jobs / CALLERS;
    let callers: Vec<_> =
        (0..CALLERS).map(|caller| tokio::spawn(calls(store::storage(task, &pool), caller * share, share))).collect();
    for caller in callers {
        caller.await??;
    }
    let report = Report::timed(share * CALLERS, watch);
    Shown::open(task).await?.check(0, share * CALLERS).await?;
    Ok(report)
}

async fn calls(mut storage: SqliteStorage<Payload>, first: u64, count: u64) -> Outcome<()> {
    for order_id in first..first + count {
        storage.push(Payload::new(order_id)).await?;
    }
    Ok(())
}

/// Enqueues all jobs, a thousand per call.
pub(crate) async fn many(task: &Task, count: u64) -> Outcome<Report> {
    let pool = store::open(task).await?;
    let mut storage = store::storage(task, &pool);
    let watch = Stopwatch::start();
    for first in (0..count).step_by(usize::try_from(CHUNK)?) {
        storage.push_bulk((first..count.min(first + CHUNK)).map(Payload::new).collect()).await?;
    }
    let report = Report::timed(count, watch);
    Shown::open(task).await?.check(0, count).await?;
    Ok(report)
}
