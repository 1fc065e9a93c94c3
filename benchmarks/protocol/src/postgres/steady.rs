//! Jobs come at an even rate for a long time and are performed.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use super::steps::{check, written};
use super::{PARTS, Parts, Queue};
use crate::{Latencies, Outcome, Report, Stopwatch, Tally, Task, now_micros};

/// The interval between two bulk calls.
const TICK: Duration = Duration::from_millis(10);

/// Enqueues and performs. Jobs come at this rate even if they are performed more slowly, so that they wait then.
pub(super) async fn steady<Q: Queue>(task: &Task, rate: u64, seconds: u64) -> Outcome<Report> {
    let tally = Arc::new(Tally::for_latencies());
    let queue = Q::open(task, Arc::clone(&tally)).await?;
    let worker = queue.start().await?;
    let (watch, start) = (Stopwatch::start(), Instant::now());
    let length = Duration::from_secs(seconds);
    let arrivals = tokio::spawn(enqueue(queue, rate, length));
    let mut parts = Parts::begin(task, watch).await?;
    for part in 1..=PARTS {
        sleep_until(start + length.mul_f64(tenths(part))).await;
        let latencies = Latencies::new(tally.take_latencies());
        parts.end_part(tally.count()).await?.p99_us = latencies.percentile(99).unwrap_or(0);
    }
    let report = Report { parts: parts.told, ..Report::timed(tally.count(), watch) };
    let enqueued = arrivals.await??;
    // What was enqueued in the last second may still wait. More than that is a backlog, which is not worked off here.
    let cut_off = enqueued.saturating_sub(report.jobs) > rate;
    if !cut_off {
        written::<Q>(task).await?;
    }
    Q::stop(worker).await?;
    if !cut_off {
        check::<Q>(task, enqueued, 0).await?;
    }
    Ok(Report { cut_off, ..report })
}

/// Enqueues for this long, and returns the number of enqueued jobs. The number of a job is the time of its enqueue; the
/// jobs of a call have successive numbers, which differ by less than a millisecond.
async fn enqueue<Q: Queue>(queue: Q, rate: u64, length: Duration) -> Outcome<u64> {
    let start = Instant::now();
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let mut enqueued = 0;
    while start.elapsed() < length {
        ticks.tick().await;
        let due = u64::try_from(start.elapsed().as_millis())? * rate / 1000;
        // A call that took long is followed by larger ones, but not by a single huge one.
        let count = (due - enqueued).min(rate.div_ceil(10));
        let now = now_micros();
        queue.enqueue_all(now - count..now).await?;
        enqueued += count;
    }
    Ok(enqueued)
}

#[expect(clippy::cast_precision_loss, reason = "at most ten")]
fn tenths(part: u64) -> f64 {
    part as f64 / PARTS as f64
}
