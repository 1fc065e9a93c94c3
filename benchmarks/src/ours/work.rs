//! The steps of the worker: drain, pickup and idle.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use bench_protocol::{Outcome, Report, Stopwatch, Tally, Task, Waits, drained, now_micros};
use jobs::{Client, RuntimeHandle};

use super::enqueue::enqueue;
use super::job::Counted;
use super::shown::Shown;

/// Measures from the start of the worker until the store shows that all jobs are done.
pub(super) async fn drain(task: &Task) -> Outcome<Report> {
    let shown = Shown::open(task)?;
    let tally = Arc::new(Tally::default());
    let watch = Stopwatch::start();
    let handle = start(task, &tally).await?;
    let mut report = drained(&tally, task.jobs, watch, async || shown.gone_of(task.backlog)).await?;
    handle.stop().await;
    if task.jobs < task.backlog {
        // Counting the waiting jobs takes some time, and during a drain some jobs are always claimed.
        report.seconds = report.performed_seconds.unwrap_or(report.seconds);
    }
    let ready = shown.ready()?;
    if task.jobs == task.backlog && !report.cut_off && ready > 0 {
        return Err(format!("{ready} jobs still wait").into());
    }
    shown.check(task.backlog - ready, ready)?;
    Ok(report)
}

/// An idle worker, and jobs that the same process enqueues with pauses.
pub(super) async fn pickup(task: &Task) -> Outcome<Report> {
    let tally = Arc::new(Tally::for_latencies());
    let handle = start(task, &tally).await?;
    send_all(&handle.client(), task.jobs).await?;
    collect(task, &tally, &handle).await
}

/// An idle worker, and jobs that another process enqueues with pauses.
pub(super) async fn pickup_from_others(task: &Task) -> Outcome<Report> {
    let tally = Arc::new(Tally::for_latencies());
    let handle = start(task, &tally).await?;
    println!("ready");
    std::io::stdout().flush()?;
    collect(task, &tally, &handle).await
}

async fn collect(task: &Task, tally: &Tally, handle: &RuntimeHandle) -> Outcome<Report> {
    let micros = tally.all_picked_up(task.jobs).await;
    handle.stop().await;
    Shown::open(task)?.check(task.jobs, 0)?;
    Ok(Report::latencies(micros))
}

/// The other process.
pub(super) async fn send(task: &Task) -> Outcome<Report> {
    let unread = Counted(Arc::new(Tally::default()));
    let runtime = super::runtime(task).provide(unread).build().await?;
    send_all(&runtime.client(), task.jobs).await?;
    Ok(Report::memory())
}

async fn send_all(jobs: &Client, count: u64) -> Outcome<()> {
    for wait in Waits::default().take(usize::try_from(count)?) {
        tokio::time::sleep(wait).await;
        enqueue(jobs, now_micros()).await?;
    }
    Ok(())
}

/// Stays idle for two seconds.
pub(super) async fn idle(task: &Task) -> Outcome<Report> {
    let handle = start(task, &Arc::new(Tally::default())).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let report = Report::memory();
    handle.stop().await;
    Ok(report)
}

async fn start(task: &Task, tally: &Arc<Tally>) -> Outcome<RuntimeHandle> {
    let runtime = super::runtime(task).provide(Counted(Arc::clone(tally))).build().await?;
    Ok(runtime.start().await?)
}
