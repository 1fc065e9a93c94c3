//! What a test asks for and the store does not keep: the order of events, and each run.

use std::collections::{BTreeMap, BTreeSet};

use jobs_core::{JobId, State};

use crate::kit::Seen;

/// The number of an event of a test; higher numbers are later.
pub(crate) type Sequence = u64;

/// The order of events in one test.
#[derive(Debug)]
pub(crate) struct History {
    last: Sequence,
    jobs: BTreeMap<JobId, JobHistory>,
    /// Jobs that are not finished. A list of waiting jobs reads only these.
    unfinished: BTreeSet<JobId>,
    runs: Vec<Run>,
    /// Jobs that a drain has claimed and not begun; the test sees them as waiting.
    pub(crate) held: BTreeSet<JobId>,
}

/// What is known of one job.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct JobHistory {
    /// When it was enqueued, or put off for a retry.
    pub(crate) arrived: Sequence,
    /// When its last run ended.
    pub(crate) ended: Sequence,
    /// Whether it was enqueued with a time, or a retry set one.
    pub(crate) timed: bool,
    /// Whether the test cleared it.
    pub(crate) cleared: bool,
}

/// One run of a job.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) begun: Sequence,
    pub(crate) seen: Seen,
}

impl Default for History {
    /// Nothing has happened. A number is never zero, which stands for "from the beginning".
    fn default() -> Self {
        let (jobs, unfinished, held) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
        Self { last: 1, jobs, unfinished, runs: Vec::new(), held }
    }
}

impl History {
    /// The current number. Later events get higher numbers.
    pub(crate) fn mark(&self) -> Sequence {
        self.last
    }

    fn tick(&mut self) -> Sequence {
        self.last += 1;
        self.last
    }

    pub(crate) fn arrived(&mut self, job: JobId, timed: bool) {
        let arrived = self.tick();
        self.jobs.insert(job, JobHistory { arrived, timed, ..JobHistory::default() });
        self.unfinished.insert(job);
    }

    pub(crate) fn knows(&self, job: JobId) -> bool {
        self.jobs.contains_key(&job)
    }

    pub(crate) fn of(&self, job: JobId) -> JobHistory {
        self.jobs.get(&job).copied().unwrap_or_default()
    }

    pub(crate) fn clear(&mut self, job: JobId) {
        self.jobs.entry(job).or_default().cleared = true;
    }

    /// Records that a run begins. The record stays even if the run does not end.
    pub(crate) fn begun(&mut self, seen: Seen) {
        self.held.remove(&seen.id());
        let begun = self.tick();
        self.runs.push(Run { begun, seen });
    }

    /// Records how the last run of this job ended.
    pub(crate) fn ended(&mut self, seen: Seen) {
        let ended = self.tick();
        self.jobs.entry(seen.id()).or_default().ended = ended;
        if seen.record.state == State::Finished {
            self.unfinished.remove(&seen.id());
        }
        let run = self.runs.iter_mut().rev().find(|run| run.seen.id() == seen.id());
        if let Some(run) = run {
            // A retry may change queue and priority; the run had the old ones.
            let (queue, priority) = (std::mem::take(&mut run.seen.record.queue), run.seen.record.priority);
            run.seen.record = seen.record;
            run.seen.record.queue = queue;
            run.seen.record.priority = priority;
        }
    }

    pub(crate) fn unfinished(&self) -> Vec<JobId> {
        self.unfinished.iter().copied().collect()
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.runs
    }

    pub(crate) fn keep_runs(&mut self, keep: impl Fn(&Run) -> bool) {
        self.runs.retain(keep);
    }
}
