//! The steps, the same for every queue.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use super::{Look, Queue, day, steady};
use crate::{Outcome, Payload, Report, Step, Stopwatch, Tally, Task, Waits, drained, now_micros};

/// The number of callers that enqueue one by one.
const CALLERS: u64 = 8;

/// The time limit for a worker to store its results.
const WRITING: Duration = Duration::from_secs(10);

/// Runs one step.
///
/// # Errors
/// The queue failed, or the database does not contain what was done.
pub async fn step<Q: Queue>(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => many::<Q>(task, task.backlog).await,
        Step::EnqueueBulk => many::<Q>(task, task.jobs).await,
        Step::EnqueueOne => one_by_one::<Q>(task).await,
        Step::Drain => drain::<Q>(task).await,
        Step::Pickup => pickup::<Q>(task).await,
        Step::PickupWorker => pickup_from_others::<Q>(task).await,
        Step::PickupSender => send::<Q>(task).await,
        Step::Idle => idle::<Q>(task).await,
        Step::Day => day::day::<Q>(task).await,
        Step::Steady { rate, seconds } => steady::steady::<Q>(task, rate, seconds).await,
        other => Err(format!("`{}` has no step {other:?}", task.contestant).into()),
    }
}

async fn many<Q: Queue>(task: &Task, count: u64) -> Outcome<Report> {
    let queue = Q::open(task, Arc::default()).await?;
    let watch = Stopwatch::start();
    queue.enqueue_all(0..count).await?;
    let report = Report::timed(count, watch);
    check::<Q>(task, 0, count).await?;
    Ok(report)
}

/// Eight callers, each of which waits for a call before it makes the next one.
async fn one_by_one<Q: Queue>(task: &Task) -> Outcome<Report> {
    let queue = Q::open(task, Arc::default()).await?;
    let watch = Stopwatch::start();
    let share = task.jobs / CALLERS;
    let callers: Vec<_> = (0..CALLERS)
        .map(|caller| {
            let queue = queue.clone();
            tokio::spawn(async move {
                for number in caller * share..(caller + 1) * share {
                    queue.enqueue(Payload::new(number)).await?;
                }
                Ok::<(), Box<dyn std::error::Error + Send + Sync>>(())
            })
        })
        .collect();
    for caller in callers {
        caller.await??;
    }
    let report = Report::timed(share * CALLERS, watch);
    check::<Q>(task, 0, share * CALLERS).await?;
    Ok(report)
}

/// Measures from the start of the worker until the database shows that all jobs are done.
async fn drain<Q: Queue>(task: &Task) -> Outcome<Report> {
    let look = Look::open(&task.place).await?;
    let unfinished = Q::unfinished(task);
    let tally = Arc::new(Tally::default());
    let watch = Stopwatch::start();
    let worker = Q::open(task, Arc::clone(&tally)).await?.start().await?;
    let gone = async || Ok(task.backlog.saturating_sub(look.number(&unfinished).await?));
    let mut report = drained(&tally, task.jobs, watch, gone).await?;
    if task.jobs < task.backlog {
        // Counting the waiting jobs takes some time, and during a drain some jobs are always claimed.
        report.seconds = report.performed_seconds.unwrap_or(report.seconds);
    }
    Q::stop(worker).await?;
    let left = look.number(&unfinished).await?;
    if task.jobs == task.backlog && !report.cut_off && left > 0 {
        return Err(format!("{left} jobs still wait").into());
    }
    check::<Q>(task, task.backlog - left, left).await?;
    Ok(report)
}

/// An idle worker, and jobs that the same process enqueues with pauses.
async fn pickup<Q: Queue>(task: &Task) -> Outcome<Report> {
    let tally = Arc::new(Tally::for_latencies());
    let queue = Q::open(task, Arc::clone(&tally)).await?;
    let worker = queue.start().await?;
    send_all(&queue, task.jobs).await?;
    collect::<Q>(task, &tally, worker).await
}

/// An idle worker, and jobs that another process enqueues with pauses.
async fn pickup_from_others<Q: Queue>(task: &Task) -> Outcome<Report> {
    let tally = Arc::new(Tally::for_latencies());
    let worker = Q::open(task, Arc::clone(&tally)).await?.start().await?;
    println!("ready");
    std::io::stdout().flush()?;
    collect::<Q>(task, &tally, worker).await
}

async fn send<Q: Queue>(task: &Task) -> Outcome<Report> {
    send_all(&Q::open(task, Arc::default()).await?, task.jobs).await?;
    Ok(Report::memory())
}

async fn send_all<Q: Queue>(queue: &Q, count: u64) -> Outcome<()> {
    for wait in Waits::default().take(usize::try_from(count)?) {
        tokio::time::sleep(wait).await;
        queue.enqueue(Payload::new(now_micros())).await?;
    }
    Ok(())
}

async fn collect<Q: Queue>(task: &Task, tally: &Tally, worker: Q::Worker) -> Outcome<Report> {
    let micros = tally.all_picked_up(task.jobs).await;
    written::<Q>(task).await?;
    Q::stop(worker).await?;
    check::<Q>(task, task.jobs, 0).await?;
    Ok(Report::latencies(micros))
}

/// Stays idle for two seconds.
async fn idle<Q: Queue>(task: &Task) -> Outcome<Report> {
    let worker = Q::open(task, Arc::default()).await?.start().await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let report = Report::memory();
    Q::stop(worker).await?;
    Ok(report)
}

/// Waits until the database has no unfinished jobs.
pub(super) async fn written<Q: Queue>(task: &Task) -> Outcome<()> {
    let (look, watch) = (Look::open(&task.place).await?, Stopwatch::start());
    while look.number(&Q::unfinished(task)).await? > 0 {
        if watch.seconds() > WRITING.as_secs_f64() {
            return Err("jobs that were performed are not shown as done".into());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok(())
}

/// Checks the number of waiting jobs and, if finished jobs are kept, of finished ones.
pub(super) async fn check<Q: Queue>(task: &Task, finished: u64, unfinished: u64) -> Outcome<()> {
    let look = Look::open(&task.place).await?;
    let waiting = look.number(&Q::unfinished(task)).await?;
    let kept = match Q::finished(task) {
        Some(query) => look.number(&query).await?,
        None => finished,
    };
    if (kept, waiting) == (finished, unfinished) {
        return Ok(());
    }
    Err(format!(
        "the database shows (finished, unfinished) = {:?}, it should be {finished}, {unfinished}",
        (kept, waiting)
    )
    .into())
}
