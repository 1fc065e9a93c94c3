//! The steps that enqueue, one by one and in bulk.

use std::sync::Arc;

use bench_protocol::{Outcome, Payload, Report, Stopwatch, Task};
use effectum::{Job, Queue};

use crate::shown::Shown;
use crate::work::CLOSING;

/// The number of concurrent callers.
const CALLERS: u64 = 8;

/// The number of jobs per call, as in `jobs`.
const CHUNK: u64 = 1000;

/// Eight callers, each of which waits for a call before it makes the next one.
pub(crate) async fn one_by_one(task: &Task) -> Outcome<Report> {
    let queue = Arc::new(crate::open(task).await?);
    let watch = Stopwatch::start();
    let share = task.jobs / CALLERS;
    let callers: Vec<_> =
        (0..CALLERS).map(|caller| tokio::spawn(calls(Arc::clone(&queue), caller * share, share))).collect();
    for caller in callers {
        caller.await??;
    }
    let report = Report::timed(share * CALLERS, watch);
    queue.close(CLOSING).await?;
    Shown::open(task)?.check(0, share * CALLERS)?;
    Ok(report)
}

async fn calls(queue: Arc<Queue>, first: u64, count: u64) -> Outcome<()> {
    for order_id in first..first + count {
        enqueue(&queue, order_id).await?;
    }
    Ok(())
}

/// One job.
pub(crate) async fn enqueue(queue: &Queue, order_id: u64) -> Outcome<()> {
    let _id = job(order_id)?.add_to(queue).await?;
    Ok(())
}

/// Enqueues all jobs, a thousand per call.
pub(crate) async fn many(task: &Task, count: u64) -> Outcome<Report> {
    let queue = crate::open(task).await?;
    let watch = Stopwatch::start();
    for first in (0..count).step_by(usize::try_from(CHUNK)?) {
        let jobs = (first..count.min(first + CHUNK)).map(|order_id| Ok(job(order_id)?.build()));
        let _ids = queue.add_jobs(jobs.collect::<Outcome<Vec<Job>>>()?).await?;
    }
    let report = Report::timed(count, watch);
    queue.close(CLOSING).await?;
    Shown::open(task)?.check(0, count)?;
    Ok(report)
}

fn job(order_id: u64) -> Outcome<effectum::JobBuilder> {
    Ok(Job::builder(crate::JOB).json_payload(&Payload::new(order_id))?)
}
