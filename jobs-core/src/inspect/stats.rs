//! What a store holds, in figures.

use std::time::Duration;

use crate::{ProcessRecord, QueueRecord, State, Timestamp};

/// The figures of a store at one moment: see [`Inspect::stats`](crate::Inspect::stats).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobStats {
    /// When it was, by the store's clock.
    pub at: Timestamp,
    /// How many jobs there are in each state.
    pub counts: Counts,
    /// The queues that hold ready jobs or are paused, sorted by name.
    pub queues: Vec<QueueRecord>,
    /// The processes that are known, the oldest first. Whether one lives is said by [`living`](Self::living).
    pub processes: Vec<ProcessRecord>,
    /// What has happened in all; `None` if the store does not keep count.
    pub totals: Option<Totals>,
}

impl JobStats {
    /// The figures of an empty store at this time, for stores to fill in.
    pub fn at(now: Timestamp) -> Self {
        Self { at: now, ..Self::default() }
    }

    /// How long the job that has been ready longest has waited, paused queues aside: their jobs are meant to wait.
    pub fn latency(&self) -> Duration {
        self.slowest().map(|queue| queue.latency).unwrap_or_default()
    }

    /// The queue that is not paused and has the greatest latency; the first by name of several.
    pub fn slowest(&self) -> Option<&QueueRecord> {
        let open = self.queues.iter().rev().filter(|queue| !queue.paused);
        open.max_by_key(|queue| queue.latency)
    }

    /// The processes that were heard of within this span.
    pub fn living(&self, silence: Duration) -> impl Iterator<Item = &ProcessRecord> {
        self.processes.iter().filter(move |record| self.at.since(record.heartbeat_at) <= silence)
    }
}

/// What has happened since the store was made, whatever was forgotten since: numbers that only grow. Two looks with a
/// time between them give a rate.
///
/// A store may count a little more than there was, as for what a transaction took back, but never less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Totals {
    /// How many jobs were stored. A retry is no new job.
    pub enqueued: u64,
    /// How many jobs were finished, kept or not.
    pub finished: u64,
    /// How many jobs were discarded, by rules or by hand.
    pub discarded: u64,
    /// How many attempts ended in an error that was noted: of jobs that were tried again, failed or were discarded for
    /// it, and of those whose process died.
    pub errors: u64,
}

/// How many jobs there are in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; State::ALL.len()]);

impl Counts {
    /// How many are in this state.
    pub fn of(&self, state: State) -> u64 {
        self.0.get(state as usize).copied().unwrap_or(0)
    }

    /// Adds to a state.
    pub fn add(&mut self, state: State, count: u64) {
        if let Some(slot) = self.0.get_mut(state as usize) {
            *slot += count;
        }
    }

    /// How many there are in all.
    pub fn total(&self) -> u64 {
        self.0.iter().sum()
    }

    /// How many still move by themselves: scheduled, blocked, ready or claimed.
    pub fn pending(&self) -> u64 {
        [State::Scheduled, State::Blocked, State::Ready, State::Claimed].into_iter().map(|state| self.of(state)).sum()
    }
}
