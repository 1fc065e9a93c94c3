//! Indexes of the jobs by state, each in the order in which jobs are taken from it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use jobs_core::{JobId, ProcessId, QueueSelector, State, Timestamp};

use crate::stored::Stored;

/// Higher priority first, then the job that arrived first.
type ReadyKey = (Reverse<i32>, u64, JobId);

/// Finds jobs by state. Only [`insert`](Self::insert) and [`remove`](Self::remove) change an index, so that the indexes
/// agree with the jobs' states.
#[derive(Default)]
pub(crate) struct Indexes {
    ready: BTreeMap<String, BTreeSet<ReadyKey>>,
    scheduled: BTreeSet<(Timestamp, u64, JobId)>,
    claimed: BTreeMap<ProcessId, BTreeSet<(u64, JobId)>>,
    done: BTreeSet<(Timestamp, JobId)>,
}

impl Indexes {
    /// Adds a job to the index of its state.
    pub(crate) fn insert(&mut self, job: &Stored) {
        let (record, id) = (&job.record, job.record.id);
        match record.state {
            State::Ready => {
                self.ready.entry(record.queue.clone()).or_default().insert(ready_key(job));
            }
            State::Scheduled => {
                self.scheduled.insert((record.due_at, job.arrival, id));
            }
            State::Claimed => {
                let jobs = record.claimed_by.map(|process| self.claimed.entry(process).or_default());
                jobs.map(|jobs| jobs.insert((job.arrival, id)));
            }
            State::Finished | State::Discarded => {
                record.done_at.map(|at| self.done.insert((at, id)));
            }
            State::Blocked | State::Failed => {}
        }
    }

    /// Removes a job from the index of its state. The caller does so before it changes anything in the job.
    pub(crate) fn remove(&mut self, job: &Stored) {
        let (record, id) = (&job.record, job.record.id);
        match record.state {
            State::Ready => remove(&mut self.ready, &record.queue, &ready_key(job)),
            State::Scheduled => {
                self.scheduled.remove(&(record.due_at, job.arrival, id));
            }
            State::Claimed => {
                if let Some(process) = record.claimed_by {
                    remove(&mut self.claimed, &process, &(job.arrival, id));
                }
            }
            State::Finished | State::Discarded => {
                record.done_at.map(|at| self.done.remove(&(at, id)));
            }
            State::Blocked | State::Failed => {}
        }
    }

    /// The next ready job for the selector, from the queues that are open.
    pub(crate) fn next_ready(&self, selector: &QueueSelector, is_open: impl Fn(&str) -> bool) -> Option<JobId> {
        let from = match selector {
            QueueSelector::Exact(name) | QueueSelector::Prefix(name) => name.as_str(),
            _ => "",
        };
        // Queues are sorted by name, so the selected queues are next to each other.
        let queues = self.ready.range::<str, _>((Bound::Included(from), Bound::Unbounded));
        let selected = queues.take_while(|(queue, _)| selector.selects(queue));
        let open = selected.filter(|(queue, _)| is_open(queue));
        open.filter_map(|(_, keys)| keys.first()).min().map(|(_, _, id)| *id)
    }

    /// The scheduled job that is due first, and when.
    pub(crate) fn next_due(&self) -> Option<(Timestamp, JobId)> {
        self.scheduled.first().map(|(due, _, id)| (*due, *id))
    }

    /// The job that was done first, and when.
    pub(crate) fn first_done(&self) -> Option<(Timestamp, JobId)> {
        self.done.first().copied()
    }

    /// The processes that have claimed jobs.
    pub(crate) fn claimers(&self) -> impl Iterator<Item = ProcessId> {
        self.claimed.keys().copied()
    }

    /// The jobs that a process has claimed, in the order of arrival.
    pub(crate) fn claimed_by_process(&self, process: ProcessId) -> Vec<JobId> {
        self.claimed.get(&process).into_iter().flatten().map(|(_, id)| *id).collect()
    }
}

fn ready_key(job: &Stored) -> ReadyKey {
    (Reverse(job.record.priority), job.arrival, job.record.id)
}

/// Removes from an inner set, and the set with its last entry.
fn remove<K: Ord, V: Ord>(sets: &mut BTreeMap<K, BTreeSet<V>>, key: &K, value: &V) {
    if let Some(set) = sets.get_mut(key) {
        set.remove(value);
        if set.is_empty() {
            sets.remove(key);
        }
    }
}
