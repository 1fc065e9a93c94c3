//! The metrics with labels for jobs, queues and tasks. The number of label values is bounded.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError, RwLock};

use metrics::{Counter, Histogram};

use crate::definitions::{ENQUEUED, NOT_ENQUEUED, PERFORMED, RECURRED, RUN, SKIPPED, SLOW, STARTED, WAIT};
use crate::recorder::RecorderHandle;

/// How many job names, and how many keys of recurring tasks, become labels.
const MAX_JOBS: usize = 500;
/// How many pairs of a job and a queue become labels of counters, and of the two histograms. A pair costs 8 counters; its
/// histograms cost 38 series. Together with the names of jobs they make a few thousand series.
const MAX_PAIRS: usize = 200;
const MAX_HISTOGRAMS: usize = 40;
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
    counters: Pairs<MAX_PAIRS>,
    histograms: Pairs<MAX_HISTOGRAMS>,
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
    recorder: RecorderHandle,
    /// The label of the job.
    name: String,
}

/// The pairs of a job and a queue that are labels: at most `MOST`, and half as many with `other` as their queue.
#[derive(Default)]
struct Pairs<const MOST: usize>(HashSet<(String, String)>);

/// The counters and histograms for running a job from a queue.
pub(crate) struct RunMetrics {
    pub(crate) started: Counter,
    pub(crate) slow: Counter,
    pub(crate) wait: Histogram,
    pub(crate) run: Histogram,
    performed: [Counter; ATTEMPT_ENDS.len()],
}

impl EnqueueMetrics {
    /// Counts a job that was not stored. The counter is created here, since most jobs have none of these.
    pub(crate) fn not_enqueued(&self, reason: NotEnqueued) {
        if let Some(reason) = REASONS.get(reason as usize) {
            self.recorder.counter(&NOT_ENQUEUED, &[&self.name, reason]).increment(1);
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
        // Beyond the limit a new pair counts with `other` as its queue.
        let is_full = known.counters.0.len() >= MAX_PAIRS;
        let other = |job: &JobMetrics| job.queues.get(OTHER).filter(|_| is_full).cloned();
        if let Some(runs) = known.jobs.get(job).and_then(|job| job.queues.get(queue).cloned().or_else(|| other(job))) {
            return runs;
        }
        drop(known);
        self.known.write().unwrap_or_else(PoisonError::into_inner).runs(&self.recorder, job, queue)
    }
}

impl Known {
    /// The label for the name of a job: the name itself, or `other` beyond the limit.
    fn label<'a>(&self, name: &'a str) -> &'a str {
        let has_other = usize::from(self.jobs.contains_key(OTHER));
        if self.jobs.len() - has_other < MAX_JOBS || self.jobs.contains_key(name) { name } else { OTHER }
    }

    fn job(&mut self, recorder: &RecorderHandle, name: &str) -> &mut JobMetrics {
        let name = self.label(name);
        self.jobs.entry(name.to_owned()).or_insert_with(|| JobMetrics {
            enqueues: Arc::new(EnqueueMetrics {
                enqueued: recorder.counter(&ENQUEUED, &[name]),
                recorder: recorder.clone(),
                name: name.to_owned(),
            }),
            queues: HashMap::new(),
        })
    }

    fn runs(&mut self, recorder: &RecorderHandle, job: &str, queue: &str) -> Arc<RunMetrics> {
        let job = self.label(job);
        let (job, queue) = self.counters.label(job, queue);
        if let Some(runs) = self.jobs.get(job).and_then(|job| job.queues.get(queue)) {
            return Arc::clone(runs);
        }
        let pair = [job, queue];
        let measured: [&str; 2] = self.histograms.label(job, queue).into();
        let runs = Arc::new(RunMetrics {
            started: recorder.counter(&STARTED, &pair),
            slow: recorder.counter(&SLOW, &pair),
            wait: recorder.histogram(&WAIT, &measured),
            run: recorder.histogram(&RUN, &measured),
            performed: ATTEMPT_ENDS.map(|end| recorder.counter(&PERFORMED, &[job, queue, end])),
        });
        self.job(recorder, job).queues.insert(queue.to_owned(), Arc::clone(&runs));
        runs
    }
}

impl<const MOST: usize> Pairs<MOST> {
    /// The labels for a job and a queue: the pair itself, or `other` in place of the queue, or of both.
    fn label<'a>(&mut self, job: &'a str, queue: &'a str) -> (&'a str, &'a str) {
        for (queue, most) in [(queue, MOST), (OTHER, MOST + MOST / 2)] {
            let pair = (job.to_owned(), queue.to_owned());
            if self.0.contains(&pair) || self.0.len() < most {
                self.0.insert(pair);
                return (job, queue);
            }
        }
        (OTHER, OTHER)
    }
}
