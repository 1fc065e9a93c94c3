//! The steps of the worker: drain, pickup and idle.

use std::sync::Arc;
use std::time::Duration;

use bench_protocol::{Outcome, Report, Stopwatch, Tally, Task, Waits, drained, now_micros};

use crate::enqueue::enqueue;
use crate::shown::Shown;

/// The time limit for closing the queue.
pub(crate) const CLOSING: Duration = Duration::from_secs(20);

/// Measures from the start of the worker until the file shows that all jobs are done.
pub(crate) async fn drain(task: &Task) -> Outcome<Report> {
    let shown = Shown::open(task)?;
    let tally = Arc::new(Tally::default());
    let watch = Stopwatch::start();
    let queue = crate::open(task).await?;
    let worker = crate::worker(task, &queue, &tally).await?;
    let report = drained(&tally, task.jobs, watch, async || shown.gone_of(task.backlog)).await?;
    worker.unregister(Some(CLOSING)).await?;
    queue.close(CLOSING).await?;
    let gone = shown.gone_of(task.backlog)?;
    shown.check(gone, task.backlog - gone)?;
    Ok(report)
}

/// An idle worker, and jobs that the same process enqueues with pauses.
pub(crate) async fn pickup(task: &Task) -> Outcome<Report> {
    let tally = Arc::new(Tally::for_latencies());
    let queue = crate::open(task).await?;
    let worker = crate::worker(task, &queue, &tally).await?;
    for wait in Waits::default().take(usize::try_from(task.jobs)?) {
        tokio::time::sleep(wait).await;
        enqueue(&queue, now_micros()).await?;
    }
    let micros = tally.all_picked_up(task.jobs).await;
    worker.unregister(Some(CLOSING)).await?;
    queue.close(CLOSING).await?;
    Shown::open(task)?.check(task.jobs, 0)?;
    Ok(Report::latencies(micros))
}

/// Stays idle for two seconds.
pub(crate) async fn idle(task: &Task) -> Outcome<Report> {
    let tally = Arc::new(Tally::default());
    let queue = crate::open(task).await?;
    let worker = crate::worker(task, &queue, &tally).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let report = Report::memory();
    worker.unregister(Some(CLOSING)).await?;
    queue.close(CLOSING).await?;
    Ok(report)
}
