//! Counts and measures the attempts of this process until they are added to the figures of the store.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{AttemptFigures, Execution, JobFigures, MAX_PAIRS, OTHER, Timestamp};

/// The attempts that ended and are not in the store yet.
#[derive(Debug, Default)]
pub(crate) struct AttemptCounter {
    /// Each thread counts in one of them, so that threads seldom wait for each other.
    shards: [Mutex<Counted>; SHARDS],
    /// Held while attempts are added to the store, so that the last call of a process comes after all others.
    pub(crate) adding: tokio::sync::Mutex<()>,
}

/// As many as the threads that tokio has on common servers.
const SHARDS: usize = 16;

static NEXT_SHARD: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static SHARD: usize = NEXT_SHARD.fetch_add(1, Ordering::Relaxed) % SHARDS;
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
        self.here().change(&execution.name, &execution.queue, |figures| figures.add(is_error, took, wait));
    }

    /// Takes out what was counted.
    pub(crate) fn take(&self) -> Vec<JobFigures> {
        let of_job = |(job, queues): (String, HashMap<String, AttemptFigures>)| {
            queues.into_iter().map(move |(queue, figures)| JobFigures::new(job.as_str(), queue, figures))
        };
        let shards = self.shards.iter().map(|shard| std::mem::take(&mut *lock(shard)));
        shards.flat_map(|counted| counted.jobs).flat_map(of_job).collect()
    }

    /// Puts back what could not be added to the store.
    pub(crate) fn put_back(&self, jobs: &[JobFigures]) {
        let mut counted = self.here();
        for job in jobs {
            counted.change(&job.job, &job.queue, |figures| figures.merge(&job.figures));
        }
    }

    /// The shard of this thread.
    fn here(&self) -> MutexGuard<'_, Counted> {
        let [first, ..] = &self.shards;
        lock(self.shards.get(SHARD.with(|shard| *shard)).unwrap_or(first))
    }
}

fn lock(shard: &Mutex<Counted>) -> MutexGuard<'_, Counted> {
    shard.lock().unwrap_or_else(PoisonError::into_inner)
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
