//! The metrics of jobs and queues that were met so far. However many names there are, only so many become labels.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use metrics::{Counter, Histogram};

use crate::recording::Recording;
use crate::table::{ENQUEUED, NOT_ENQUEUED, PERFORMED, RECURRED, RUN, SKIPPED, SLOW, STARTED, WAIT};

/// How many names of jobs, and how many of recurring tasks, become labels.
const MOST_JOBS: usize = 500;
/// How many pairs of a job and a queue do.
const MOST_PAIRS: usize = 1000;
/// The label of all others.
pub(crate) const OTHER: &str = "other";

/// How an attempt ended.
#[derive(Clone, Copy)]
pub(crate) enum End {
    Finished,
    Halted,
    Retried,
    Rescued,
    Discarded,
    Failed,
}

const ENDS: [&str; 6] = ["finished", "halted", "retried", "rescued", "discarded", "failed"];

/// Why a job was not stored.
#[derive(Clone, Copy)]
pub(crate) enum Reason {
    Halted,
    Failed,
    Duplicate,
}

const REASONS: [&str; 3] = ["halted", "failed", "duplicate"];

pub(crate) struct Book {
    recording: Recording,
    pages: RwLock<Pages>,
}

#[derive(Default)]
struct Pages {
    jobs: HashMap<String, OfJob>,
    pairs: usize,
    tasks: HashMap<String, Arc<OfTask>>,
}

/// What is counted for a job, and for its queues.
struct OfJob {
    counts: Arc<Counts>,
    queues: HashMap<String, Arc<Series>>,
}

/// What is counted for a recurring task.
pub(crate) struct OfTask {
    pub(crate) recurred: Counter,
    pub(crate) skipped: Counter,
}

/// What is counted when a job is enqueued.
pub(crate) struct Counts {
    pub(crate) enqueued: Counter,
    not_enqueued: [Counter; REASONS.len()],
}

/// What is counted and measured when a job of a queue runs.
pub(crate) struct Series {
    pub(crate) started: Counter,
    pub(crate) slow: Counter,
    pub(crate) wait: Histogram,
    pub(crate) run: Histogram,
    performed: [Counter; ENDS.len()],
}

impl Counts {
    pub(crate) fn not_enqueued(&self, reason: Reason) {
        if let Some(counter) = self.not_enqueued.get(reason as usize) {
            counter.increment(1);
        }
    }
}

impl Series {
    pub(crate) fn ended(&self, end: End) {
        if let Some(counter) = self.performed.get(end as usize) {
            counter.increment(1);
        }
    }
}

impl Book {
    pub(crate) fn new(recording: Recording) -> Self {
        Self { recording, pages: RwLock::default() }
    }

    pub(crate) const fn recording(&self) -> &Recording {
        &self.recording
    }

    /// What is counted for the recurring task of this key.
    pub(crate) fn task(&self, key: &str) -> Arc<OfTask> {
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        let key = if pages.tasks.len() < MOST_JOBS || pages.tasks.contains_key(key) { key } else { OTHER };
        let new = || {
            let recurred = self.recording.counter(&RECURRED, &[key]);
            Arc::new(OfTask { recurred, skipped: self.recording.counter(&SKIPPED, &[key]) })
        };
        Arc::clone(pages.tasks.entry(key.to_owned()).or_insert_with(new))
    }

    /// What is counted for a job of this name.
    pub(crate) fn counts(&self, job: &str) -> Arc<Counts> {
        let known = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(of) = known.jobs.get(job) {
            return Arc::clone(&of.counts);
        }
        drop(known);
        let mut pages = self.pages.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&pages.job(&self.recording, job).counts)
    }

    /// What is counted for a job of this name from this queue.
    pub(crate) fn series(&self, job: &str, queue: &str) -> Arc<Series> {
        let known = self.pages.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(series) = known.jobs.get(job).and_then(|of| of.queues.get(queue)) {
            return Arc::clone(series);
        }
        drop(known);
        self.pages.write().unwrap_or_else(PoisonError::into_inner).series(&self.recording, job, queue)
    }
}

impl Pages {
    fn job(&mut self, recording: &Recording, name: &str) -> &mut OfJob {
        let name = if self.jobs.len() < MOST_JOBS || self.jobs.contains_key(name) { name } else { OTHER };
        self.jobs.entry(name.to_owned()).or_insert_with(|| OfJob {
            counts: Arc::new(Counts {
                enqueued: recording.counter(&ENQUEUED, &[name]),
                not_enqueued: REASONS.map(|reason| recording.counter(&NOT_ENQUEUED, &[name, reason])),
            }),
            queues: HashMap::new(),
        })
    }

    fn series(&mut self, recording: &Recording, job: &str, queue: &str) -> Arc<Series> {
        let job = if self.jobs.len() < MOST_JOBS || self.jobs.contains_key(job) { job } else { OTHER };
        let is_full = self.pairs >= MOST_PAIRS;
        let of = self.job(recording, job);
        let queue = if is_full && !of.queues.contains_key(queue) { OTHER } else { queue };
        if let Some(series) = of.queues.get(queue) {
            return Arc::clone(series);
        }
        let pair = [job, queue];
        let series = Arc::new(Series {
            started: recording.counter(&STARTED, &pair),
            slow: recording.counter(&SLOW, &pair),
            wait: recording.histogram(&WAIT, &pair),
            run: recording.histogram(&RUN, &pair),
            performed: ENDS.map(|end| recording.counter(&PERFORMED, &[job, queue, end])),
        });
        of.queues.insert(queue.to_owned(), Arc::clone(&series));
        self.pairs += 1;
        series
    }
}
