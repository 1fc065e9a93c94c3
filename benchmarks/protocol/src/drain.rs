//! Detects the end of a drain without disturbing it.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::{Outcome, Report, Stopwatch, now_micros};

/// The time limit of a drain. After it the drain is cut off, and its rate is that of the jobs done by then.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The interval between two checks whether all jobs are done.
const LOOK: Duration = Duration::from_millis(1);

/// The records of the benchmark job.
#[derive(Debug, Default)]
pub struct Tally {
    performed: AtomicU64,
    /// Used only if latencies are measured.
    latencies: bool,
    micros: Mutex<Vec<u64>>,
}

impl Tally {
    /// A tally that records latencies.
    pub fn for_latencies() -> Self {
        Self { latencies: true, ..Self::default() }
    }

    /// Called by the job, which does nothing else: counts one more performed job. If latencies are measured, `order_id`
    /// is the time of its enqueue.
    pub fn performed(&self, order_id: u64) {
        self.performed.fetch_add(1, Ordering::Relaxed);
        if self.latencies {
            let micros = now_micros().saturating_sub(order_id);
            self.lock().push(micros);
        }
    }

    /// The number of performed jobs.
    pub fn count(&self) -> u64 {
        self.performed.load(Ordering::Relaxed)
    }

    /// Waits until this number of jobs was picked up, and returns their latencies.
    pub async fn all_picked_up(&self, jobs: u64) -> Vec<u64> {
        while (self.lock().len() as u64) < jobs {
            tokio::time::sleep(LOOK).await;
        }
        self.take_latencies()
    }

    /// The latencies since the last call.
    pub fn take_latencies(&self) -> Vec<u64> {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<u64>> {
        self.micros.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Waits until `jobs` were performed, then until the store shows them as done.
///
/// While jobs are performed, only a counter in memory is read; `done` then queries the store for the number of done
/// jobs.
///
/// # Errors
/// The call of `done` failed.
pub async fn drained(
    tally: &Tally,
    jobs: u64,
    watch: Stopwatch,
    mut done: impl AsyncFnMut() -> Outcome<u64>,
) -> Outcome<Report> {
    let limit = PATIENCE.as_secs_f64();
    while tally.count() < jobs && watch.seconds() < limit {
        tokio::time::sleep(LOOK).await;
    }
    let performed_seconds = Some(watch.seconds());
    let mut shown = done().await?;
    while shown < jobs && watch.seconds() < limit {
        tokio::time::sleep(LOOK).await;
        shown = done().await?;
    }
    let report = Report::timed(shown.min(jobs), watch);
    Ok(Report { performed_seconds, cut_off: shown < jobs, ..report })
}
