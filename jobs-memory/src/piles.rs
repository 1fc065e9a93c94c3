//! The jobs of each state that is searched, in the order they are taken from it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use jobs_core::{JobId, ProcessId, QueueSelector, State, Timestamp};

use crate::shelf::Stored;

/// Higher priority first, then the job that arrived first.
type Turn = (Reverse<i32>, u64, JobId);

/// Where a job stands besides the table of all jobs. Only [`put`](Self::put) and [`take`](Self::take)
/// change it, so that it agrees with the jobs' states.
#[derive(Default)]
pub(crate) struct Piles {
    ready: BTreeMap<String, BTreeSet<Turn>>,
    scheduled: BTreeSet<(Timestamp, u64, JobId)>,
    held: BTreeMap<ProcessId, BTreeSet<(u64, JobId)>>,
    done: BTreeSet<(Timestamp, JobId)>,
}

impl Piles {
    /// Puts a job where its state belongs.
    pub(crate) fn put(&mut self, job: &Stored) {
        let (record, id) = (&job.record, job.record.id);
        match record.state {
            State::Ready => {
                self.ready.entry(record.queue.clone()).or_default().insert(turn(job));
            }
            State::Scheduled => {
                self.scheduled.insert((record.due_at, job.place, id));
            }
            State::Claimed => {
                let holder = record.claimed_by.map(|process| self.held.entry(process).or_default());
                holder.map(|held| held.insert((job.place, id)));
            }
            State::Finished | State::Discarded => {
                record.done_at.map(|at| self.done.insert((at, id)));
            }
            State::Blocked | State::Failed => {}
        }
    }

    /// Takes a job from where its state belongs, before anything about it changes.
    pub(crate) fn take(&mut self, job: &Stored) {
        let (record, id) = (&job.record, job.record.id);
        match record.state {
            State::Ready => remove(&mut self.ready, &record.queue, &turn(job)),
            State::Scheduled => {
                self.scheduled.remove(&(record.due_at, job.place, id));
            }
            State::Claimed => {
                if let Some(process) = record.claimed_by {
                    remove(&mut self.held, &process, &(job.place, id));
                }
            }
            State::Finished | State::Discarded => {
                record.done_at.map(|at| self.done.remove(&(at, id)));
            }
            State::Blocked | State::Failed => {}
        }
    }

    /// The ready job that is next for the selector; none of a paused queue.
    pub(crate) fn next_ready(&self, selector: &QueueSelector, paused: &BTreeSet<String>) -> Option<JobId> {
        let from = match selector {
            QueueSelector::Exact(name) | QueueSelector::Prefix(name) => name.as_str(),
            _ => "",
        };
        // Sorted by name, so the selected queues stand next to each other.
        let queues = self.ready.range::<str, _>((Bound::Included(from), Bound::Unbounded));
        let selected = queues.take_while(|(queue, _)| selector.selects(queue));
        let open = selected.filter(|(queue, _)| !paused.contains(*queue));
        open.filter_map(|(_, turns)| turns.first()).min().map(|(_, _, id)| *id)
    }

    /// The scheduled job that is due first, and when.
    pub(crate) fn next_due(&self) -> Option<(Timestamp, JobId)> {
        self.scheduled.first().map(|(due, _, id)| (*due, *id))
    }

    /// The job that was done first, and when.
    pub(crate) fn first_done(&self) -> Option<(Timestamp, JobId)> {
        self.done.first().copied()
    }

    /// The queues that hold ready jobs, with these jobs.
    pub(crate) fn queues(&self) -> impl Iterator<Item = (&String, impl ExactSizeIterator<Item = JobId>)> {
        self.ready.iter().map(|(queue, turns)| (queue, turns.iter().map(|(_, _, id)| *id)))
    }

    /// The processes that hold jobs.
    pub(crate) fn holders(&self) -> impl Iterator<Item = ProcessId> {
        self.held.keys().copied()
    }

    /// What a process holds, the job that arrived first first.
    pub(crate) fn held_by(&self, process: ProcessId) -> Vec<JobId> {
        self.held.get(&process).into_iter().flatten().map(|(_, id)| *id).collect()
    }
}

fn turn(job: &Stored) -> Turn {
    (Reverse(job.record.priority), job.place, job.record.id)
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
