//! The figures of a store: jobs by state, queues, processes and totals.

use std::time::Duration;

use super::OldestSnapshot;
use crate::{LateTick, ProcessRecord, QueueRecord, State, Timestamp};

/// The figures of a store at one moment: see [`Inspect::stats`](crate::Inspect::stats).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobStats {
    /// The time of these figures, by the store's clock.
    pub at: Timestamp,
    /// How many jobs there are in each state.
    pub counts: Counts,
    /// The queues, as [`Inspect::queues`](crate::Inspect::queues) lists them.
    pub queues: Vec<QueueRecord>,
    /// The registered processes, the oldest first. [`living`](Self::living) says which are alive.
    pub processes: Vec<ProcessRecord>,
    /// For how long the scheduled job that is due first has been due and not made ready; zero if none is due, or if the
    /// store does not say.
    pub dispatch_latency: Duration,
    /// The tick of a recurring task that has been due longest and that no process has taken; `None` if there is none, or
    /// if the store does not say.
    pub late_tick: Option<LateTick>,
    /// What holds the oldest snapshot of the database, from a second on; `None` if nothing does, or if the store has none.
    pub oldest_snapshot: Option<OldestSnapshot>,
    /// Totals since the store was created; `None` if the store does not count.
    pub totals: Option<Totals>,
}

impl JobStats {
    /// The figures of an empty store at this time; stores set the other fields.
    pub fn at(now: Timestamp) -> Self {
        Self { at: now, ..Self::default() }
    }

    /// How many jobs are ready in paused queues, and for how long the oldest of them has waited.
    pub fn paused(&self) -> (u64, Duration) {
        let paused = self.queues.iter().filter(|queue| queue.paused);
        paused.fold((0, Duration::ZERO), |(jobs, oldest), queue| (jobs + queue.ready, oldest.max(queue.latency)))
    }

    /// How long the job that has been ready longest has waited, without paused queues: their jobs wait on purpose.
    pub fn latency(&self) -> Duration {
        self.slowest().map(|queue| queue.latency).unwrap_or_default()
    }

    /// The queue with the highest latency of those with ready jobs that are not paused; the first by name of several.
    pub fn slowest(&self) -> Option<&QueueRecord> {
        let open = self.queues.iter().rev().filter(|queue| queue.ready > 0 && !queue.paused);
        open.max_by_key(|queue| queue.latency)
    }

    /// The processes with a heartbeat within this duration.
    pub fn living(&self, silence: Duration) -> impl Iterator<Item = &ProcessRecord> {
        self.processes.iter().filter(move |record| self.at.duration_since(record.heartbeat_at) <= silence)
    }
}

/// Totals since the store was created, including jobs that were deleted since: numbers that only increase. The difference
/// between two readings gives a rate.
///
/// A store may count a little too much, as for a transaction that was rolled back, but never too little.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Totals {
    /// How many jobs were stored. A retry is not a new job.
    pub enqueued: u64,
    /// How many jobs were finished, kept or not.
    pub finished: u64,
    /// How many jobs were discarded, by rules or manually.
    pub discarded: u64,
    /// How many attempts ended with a recorded error: of jobs that were retried, failed or discarded because of it, and of
    /// jobs whose process died.
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

    /// How many will still be performed: scheduled, blocked, ready or claimed.
    pub fn pending(&self) -> u64 {
        [State::Scheduled, State::Blocked, State::Ready, State::Claimed].into_iter().map(|state| self.of(state)).sum()
    }
}
