//! A day: jobs are enqueued and performed for a long time, and few wait at any moment.

use std::sync::Arc;
use std::time::Duration;

use super::steps::{check, written};
use super::{CHUNK, PARTS, Parts, Queue};
use crate::{Outcome, Report, Stopwatch, Tally, Task};

/// The time limit, after which it is cut off.
const PATIENCE: f64 = 45.0;

const LOOK: Duration = Duration::from_millis(1);

/// Enqueues jobs as fast as they are performed, and performs them.
pub(super) async fn day<Q: Queue>(task: &Task) -> Outcome<Report> {
    let tally = Arc::new(Tally::default());
    let queue = Q::open(task, Arc::clone(&tally)).await?;
    let worker = queue.start().await?;
    let watch = Stopwatch::start();
    let arrivals = tokio::spawn(enqueue(queue, task.jobs, task.backlog, Arc::clone(&tally), watch));
    let mut parts = Parts::begin(task, watch).await?;
    for part in 1..=PARTS {
        let until = task.jobs * part / PARTS;
        while tally.count() < until && watch.seconds() < PATIENCE {
            tokio::time::sleep(LOOK).await;
        }
        parts.end_part(tally.count()).await?;
    }
    let cut_off = tally.count() < task.jobs;
    let enqueued = arrivals.await??;
    let report = Report { cut_off, parts: parts.told, ..Report::timed(tally.count(), watch) };
    if !cut_off {
        written::<Q>(task).await?;
    }
    Q::stop(worker).await?;
    if !cut_off {
        check::<Q>(task, enqueued, 0).await?;
    }
    Ok(report)
}

/// Enqueues a thousand jobs at a time while few enough wait, and returns the number of enqueued jobs.
async fn enqueue<Q: Queue>(queue: Q, jobs: u64, most: u64, tally: Arc<Tally>, watch: Stopwatch) -> Outcome<u64> {
    let mut enqueued = 0;
    while enqueued < jobs && watch.seconds() < PATIENCE {
        if enqueued - tally.count().min(enqueued) >= most {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        let next = jobs.min(enqueued + CHUNK);
        queue.enqueue_all(enqueued..next).await?;
        enqueued = next;
    }
    Ok(enqueued)
}
