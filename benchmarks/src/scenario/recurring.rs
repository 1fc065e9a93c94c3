//! Many recurring tasks with the same tick.

use std::time::Duration;

use bench_protocol::{METHOD, Outcome, Report, Stopwatch, Task, now_micros};
use jobs::recurring::RecurringTask;
use jobs::store::StoreExt;
use jobs::{Client, RuntimeBuilder};

use super::queues::counts;
use super::runtime;
use crate::ours::job::ProcessPayment;

/// How often the store is asked. More often would disturb the schedulers.
const LOOK: Duration = Duration::from_millis(20);

/// The time limit after the tick.
const PATIENCE: u64 = 120;

/// Measures from the tick until the store shows the jobs of all tasks.
pub(super) async fn measure(task: &Task, schedulers: u64) -> Outcome<Report> {
    // Time for the schedulers to start and to declare the tasks.
    let tick = now_micros() / 1_000_000 + 10 + task.jobs / 150;
    let mut running = Vec::new();
    for _ in 0..schedulers {
        running.push(with_tasks(runtime(task), task.jobs, tick)?.build().await?.start().await?);
    }
    let jobs = running.first().ok_or("at least one scheduler is needed")?.client();
    sleep_until(tick * 1_000_000 - 500_000).await;
    declared(&jobs, task.jobs).await?;
    sleep_until(tick * 1_000_000).await;
    let watch = Stopwatch::start();
    let mut enqueued = 0;
    while enqueued < task.jobs && watch.seconds() < Duration::from_secs(PATIENCE).as_secs_f64() {
        tokio::time::sleep(LOOK).await;
        enqueued = counts(&jobs).await?.total();
    }
    let report = Report { cut_off: enqueued < task.jobs, ..Report::timed(enqueued, watch) };
    for handle in running {
        handle.stop().await;
    }
    if enqueued > task.jobs {
        return Err(format!("{} tasks have {enqueued} jobs after one tick", task.jobs).into());
    }
    Ok(report)
}

/// The tasks, which tick every day at this time, in seconds since 1970.
fn with_tasks(builder: RuntimeBuilder, tasks: u64, tick: u64) -> Outcome<RuntimeBuilder> {
    let schedule = format!("{} {} {} * * *", tick % 60, tick / 60 % 60, tick / 3600 % 24);
    let declare = |builder: RuntimeBuilder, number| {
        let task =
            RecurringTask::of(format!("task-{number}"), &ProcessPayment::new(number, METHOD), schedule.as_str())?;
        Ok(builder.recurring(task))
    };
    (0..tasks).try_fold(builder, declare)
}

async fn declared(jobs: &Client, tasks: u64) -> Outcome<()> {
    let declared = jobs.store().require_recurring()?.tasks().await?.tasks.len() as u64;
    if declared == tasks {
        return Ok(());
    }
    Err(format!("just before the tick the store knows {declared} of {tasks} tasks: this machine is too slow for it")
        .into())
}

/// Waits until this time, in microseconds since 1970.
async fn sleep_until(micros: u64) {
    tokio::time::sleep(Duration::from_micros(micros.saturating_sub(now_micros()))).await;
}
