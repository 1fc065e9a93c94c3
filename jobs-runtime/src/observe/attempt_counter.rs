//! Counts and measures the attempts of this process until they are added to the figures of the store.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{AttemptFigures, Execution, JobFigures, MAX_PAIRS, OTHER, Timestamp};

/// The attempts that ended and are not in the store yet.
#[derive(Debug, Default)]
pub(crate) struct AttemptCounter {
    counted: Mutex<Counted>,
    /// Held while attempts are added to the store, so that the last call of a process comes after all others.
    pub(crate) adding: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Counted {
    /// By job and queue.
    jobs: HashMap<String, HashMap<String, AttemptFigures>>,
    pairs: usize,
}

impl AttemptCounter {
    /// An attempt ended at this time and took this long.
    pub(crate) fn ended(&self, execution: &Execution, is_error: bool, now: Timestamp, took: Duration) {
        // The due time is by the store's clock, so the wait includes the difference of the two clocks.
        let wait = execution.is_claimed().then(|| now.duration_since(execution.due_at).saturating_sub(took));
        self.lock().change(&execution.name, &execution.queue, |figures| figures.add(is_error, took, wait));
    }

    /// Takes out what was counted.
    pub(crate) fn take(&self) -> Vec<JobFigures> {
        let counted = std::mem::take(&mut *self.lock());
        let of_job = |(job, queues): (String, HashMap<String, AttemptFigures>)| {
            queues.into_iter().map(move |(queue, figures)| JobFigures::new(job.as_str(), queue, figures))
        };
        counted.jobs.into_iter().flat_map(of_job).collect()
    }

    /// Puts back what could not be added to the store.
    pub(crate) fn put_back(&self, jobs: &[JobFigures]) {
        let mut counted = self.lock();
        jobs.iter().for_each(|job| counted.change(&job.job, &job.queue, |figures| figures.merge(&job.figures)));
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    /// Changes the figures of a job and a queue; those of `other` if there are too many, as when the store fails for long.
    fn change(&mut self, job: &str, queue: &str, change: impl FnOnce(&mut AttemptFigures)) {
        // Without a copy of the names, which only the first attempt needs.
        if let Some(figures) = self.jobs.get_mut(job).and_then(|queues| queues.get_mut(queue)) {
            return change(figures);
        }
        let (job, queue) = if self.pairs < MAX_PAIRS { (job, queue) } else { (OTHER, OTHER) };
        self.pairs += 1;
        change(self.jobs.entry(job.to_owned()).or_default().entry(queue.to_owned()).or_default());
    }
}
