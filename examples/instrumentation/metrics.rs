//! Counters, printed in the text format of Prometheus.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Clones share the same counters.
#[derive(Clone, Default)]
pub(crate) struct Metrics(Arc<Mutex<Counts>>);

#[derive(Default)]
struct Counts {
    /// By the name of the job.
    runs: BTreeMap<String, Runs>,
    /// By the class of the error.
    retries: BTreeMap<String, u64>,
    alerts: u64,
}

#[derive(Default)]
struct Runs {
    count: u64,
    total: Duration,
    longest: Duration,
}

impl Metrics {
    pub(crate) fn add_run(&self, job: &str, duration: Duration) {
        let mut counts = self.lock();
        let runs = counts.runs.entry(job.to_owned()).or_default();
        runs.count += 1;
        runs.total += duration;
        runs.longest = runs.longest.max(duration);
    }

    pub(crate) fn add_retry(&self, class: &str) {
        *self.lock().retries.entry(class.to_owned()).or_default() += 1;
    }

    pub(crate) fn add_alert(&self) {
        self.lock().alerts += 1;
    }

    pub(crate) fn performed(&self, job: &str) -> u64 {
        self.lock().runs.get(job).map_or(0, |runs| runs.count)
    }

    pub(crate) fn retried(&self, class: &str) -> u64 {
        self.lock().retries.get(class).copied().unwrap_or(0)
    }

    pub(crate) fn alerts(&self) -> u64 {
        self.lock().alerts
    }

    fn lock(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The text format of Prometheus.
impl fmt::Display for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.lock();
        for (job, runs) in &counts.runs {
            writeln!(f, "jobs_performed_total{{job=\"{job}\"}} {}", runs.count)?;
            writeln!(f, "jobs_perform_seconds_sum{{job=\"{job}\"}} {:.6}", runs.total.as_secs_f64())?;
            writeln!(f, "jobs_perform_seconds_max{{job=\"{job}\"}} {:.6}", runs.longest.as_secs_f64())?;
        }
        for (class, count) in &counts.retries {
            writeln!(f, "jobs_retries_total{{class=\"{class}\"}} {count}")?;
        }
        writeln!(f, "jobs_slow_total {}", counts.alerts)
    }
}
