//! The metrics with labels for jobs, queues and tasks. The number of label values is bounded.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use metrics::{Counter, Histogram};

use crate::definitions::{ENQUEUED, NOT_ENQUEUED, PERFORMED, RECURRED, RUN, SKIPPED, SLOW, STARTED, WAIT};
use crate::recorder::RecorderHandle;

/// How many job names, and how many keys of recurring tasks, become labels.
const MAX_JOBS: usize = 500;
/// How many pairs of a job and a queue become labels.
const MAX_PAIRS: usize = 1000;
/// The label for the names beyond these limits.
pub(crate) const OTHER: &str = "other";

/// How an attempt ended.
#[derive(Clone, Copy)]
pub(crate) enum AttemptEnd {
    Finished,
    Halted,
    Retried,
    Rescued,
    Discarded,
    Failed,
    Snoozed,
    Expired,
}

const ATTEMPT_ENDS: [&str; 8] =
    ["finished", "halted", "retried", "rescued", "discarded", "failed", "snoozed", "expired"];

/// Why a job was not stored.
#[derive(Clone, Copy)]
pub(crate) enum NotEnqueued {
    Halted,
    Failed,
    Duplicate,
}

const REASONS: [&str; 3] = ["halted", "failed", "duplicate"];

/// The metrics with labels. Those of a name are created when the name is first seen.
pub(crate) struct LabelledMetrics {
    recorder: RecorderHandle,
    known: RwLock<Known>,
}

#[derive(Default)]
struct Known {
    jobs: HashMap<String, JobMetrics>,
    pairs: usize,
    tasks: HashMap<String, Arc<TaskMetrics>>,
}

/// The metrics of a job, and of the job in each of its queues.
struct JobMetrics {
    enqueues: Arc<EnqueueMetrics>,
    queues: HashMap<String, Arc<RunMetrics>>,
}

/// The metrics of a recurring task.
pub(crate) struct TaskMetrics {
    pub(crate) recurred: Counter,
    pub(crate) skipped: Counter,
}

/// The counters for enqueueing a job.
pub(crate) struct EnqueueMetrics {
    pub(crate) enqueued: Counter,
    not_enqueued: [Counter; REASONS.len()],
}

/// The counters and histograms for running a job from a queue.
pub(crate) struct RunMetrics {
    pub(crate) started: Counter,
    pub(crate) slow: Counter,
    pub(crate) wait: Histogram,
    pub(crate) run: Histogram,
    performed: [Counter; ATTEMPT_ENDS.len()],
}

impl EnqueueMetrics {
    pub(crate) fn not_enqueued(&self, reason: NotEnqueued) {
        if let Some(counter) = self.not_enqueued.get(reason as usize) {
            counter.increment(1);
        }
    }
}

impl RunMetrics {
    pub(crate) fn ended(&self, end: AttemptEnd) {
        if let Some(counter) = self.performed.get(end as usize) {
            counter.increment(1);
        }
    }
}

impl LabelledMetrics {
    pub(crate) fn new(recorder: RecorderHandle) -> Self {
        Self { recorder, known: RwLock::default() }
    }

    pub(crate) const fn recorder(&self) -> &RecorderHandle {
        &self.recorder
    }

    /// The metrics of the recurring task with this key.
    pub(crate) fn task(&self, key: &str) -> Arc<TaskMetrics> {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let key = if known.tasks.len() < MAX_JOBS || known.tasks.contains_key(key) { key } else { OTHER };
        let new = || {
            let recurred = self.recorder.counter(&RECURRED, &[key]);
            Arc::new(TaskMetrics { recurred, skipped: self.recorder.counter(&SKIPPED, &[key]) })
        };
        Arc::clone(known.tasks.entry(key.to_owned()).or_insert_with(new))
    }

    /// The counters for enqueueing a job with this name.
    pub(crate) fn enqueues(&self, job: &str) -> Arc<EnqueueMetrics> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(job) = known.jobs.get(job) {
            return Arc::clone(&job.enqueues);
        }
        drop(known);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&known.job(&self.recorder, job).enqueues)
    }

    /// The metrics for running a job with this name from this queue.
    pub(crate) fn runs(&self, job: &str, queue: &str) -> Arc<RunMetrics> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(runs) = known.jobs.get(job).and_then(|job| job.queues.get(queue)) {
            return Arc::clone(runs);
        }
        drop(known);
        self.known.write().unwrap_or_else(PoisonError::into_inner).runs(&self.recorder, job, queue)
    }
}

impl Known {
    fn job(&mut self, recorder: &RecorderHandle, name: &str) -> &mut JobMetrics {
        let name = if self.jobs.len() < MAX_JOBS || self.jobs.contains_key(name) { name } else { OTHER };
        self.jobs.entry(name.to_owned()).or_insert_with(|| JobMetrics {
            enqueues: Arc::new(EnqueueMetrics {
                enqueued: recorder.counter(&ENQUEUED, &[name]),
                not_enqueued: REASONS.map(|reason| recorder.counter(&NOT_ENQUEUED, &[name, reason])),
            }),
            queues: HashMap::new(),
        })
    }

    fn runs(&mut self, recorder: &RecorderHandle, job: &str, queue: &str) -> Arc<RunMetrics> {
        let job = if self.jobs.len() < MAX_JOBS || self.jobs.contains_key(job) { job } else { OTHER };
        let is_full = self.pairs >= MAX_PAIRS;
        let metrics = self.job(recorder, job);
        let queue = if is_full && !metrics.queues.contains_key(queue) { OTHER } else { queue };
        if let Some(runs) = metrics.queues.get(queue) {
            return Arc::clone(runs);
        }
        let pair = [job, queue];
        let runs = Arc::new(RunMetrics {
            started: recorder.counter(&STARTED, &pair),
            slow: recorder.counter(&SLOW, &pair),
            wait: recorder.histogram(&WAIT, &pair),
            run: recorder.histogram(&RUN, &pair),
            performed: ATTEMPT_ENDS.map(|end| recorder.counter(&PERFORMED, &[job, queue, end])),
        });
        metrics.queues.insert(queue.to_owned(), Arc::clone(&runs));
        self.pairs += 1;
        runs
    }
}
