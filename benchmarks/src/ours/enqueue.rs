//! The steps that enqueue, one by one and in bulk.

use std::sync::Arc;

use bench_protocol::{METHOD, Outcome, Report, Stopwatch, Tally, Task};
use jobs::{Client, Enqueued};

use super::job::{Counted, ProcessPayment};
use super::shown::Shown;

/// The number of concurrent callers.
const CALLERS: u64 = 8;

/// Eight callers, each of which waits for a call before it makes the next one.
pub(super) async fn one_by_one(task: &Task) -> Outcome<Report> {
    let jobs = handle(task).await?;
    let watch = Stopwatch::start();
    let share = task.jobs / CALLERS;
    let callers: Vec<_> = (0..CALLERS).map(|caller| tokio::spawn(calls(jobs.clone(), caller * share, share))).collect();
    for caller in callers {
        caller.await??;
    }
    let report = Report::timed(share * CALLERS, watch);
    Shown::open(task)?.check(0, share * CALLERS)?;
    Ok(report)
}

async fn calls(jobs: Client, first: u64, count: u64) -> Outcome<()> {
    for order_id in first..first + count {
        enqueue(&jobs, order_id).await?;
    }
    Ok(())
}

/// Enqueues one job; its id is not needed.
pub(super) async fn enqueue(jobs: &Client, order_id: u64) -> Outcome<()> {
    match ProcessPayment::perform_later(order_id, METHOD).on(jobs).await? {
        Enqueued::New(_) => Ok(()),
        other => Err(format!("the job was not stored: {other:?}").into()),
    }
}

/// Enqueues all jobs in one call.
pub(super) async fn many(task: &Task, count: u64) -> Outcome<Report> {
    let jobs = handle(task).await?;
    let watch = Stopwatch::start();
    let stored = jobs.perform_all_later((0..count).map(|order_id| ProcessPayment::new(order_id, METHOD))).await?;
    let report = Report::timed(stored.len() as u64, watch);
    Shown::open(task)?.check(0, count)?;
    Ok(report)
}

async fn handle(task: &Task) -> Outcome<Client> {
    let unread = Counted(Arc::new(Tally::default()));
    Ok(super::runtime(task).provide(unread).build().await?.client())
}
