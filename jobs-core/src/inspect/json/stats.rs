//! The JSON form of the figures of a store.

use serde::Serialize;

use super::Queue;
use crate::{JobStats, OldestSnapshot, State, Totals};

/// The figures of a store.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Stats {
    /// How many jobs are scheduled.
    pub scheduled: u64,
    /// How many are blocked.
    pub blocked: u64,
    /// How many are ready.
    pub ready: u64,
    /// How many are claimed.
    pub claimed: u64,
    /// How many are failed.
    pub failed: u64,
    /// How many are finished and kept.
    pub finished: u64,
    /// How many are discarded and kept.
    pub discarded: u64,
    /// How long the first ready job has waited in the queues that are not paused.
    pub latency_seconds: f64,
    /// For how long a scheduled job has been due that is not made ready.
    pub dispatch_latency_seconds: f64,
    /// How many processes there are.
    pub processes: usize,
    /// The queues, sorted by name.
    pub queues: Vec<Queue>,
    /// The time of these figures, by the store's clock.
    pub at: String,
    /// What holds the oldest snapshot of the database; null if nothing does, or if the store has none.
    pub oldest_snapshot: Option<Snapshot>,
    /// Totals since the store was created; null if the store does not count.
    pub totals: Option<Sums>,
}

/// What holds the oldest snapshot of the database.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Snapshot {
    /// For how long; null if the database does not say.
    pub age_seconds: Option<f64>,
    /// How many transactions have begun since.
    pub transactions: u64,
    /// `session`, `prepared transaction` or `replication slot`.
    pub holder: String,
    /// The process of the server.
    pub pid: Option<i32>,
    /// The application name, or the name of the transaction or slot.
    pub name: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// The state of the session or slot.
    pub state: Option<String>,
}

/// Totals since the store was created.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Sums {
    /// Jobs that were enqueued.
    pub enqueued: u64,
    /// Jobs that were finished.
    pub finished: u64,
    /// Jobs that were discarded.
    pub discarded: u64,
    /// Attempts that ended with an error.
    pub errors: u64,
}

impl From<&JobStats> for Stats {
    fn from(stats: &JobStats) -> Self {
        let count = |state| stats.counts.of(state);
        Self {
            scheduled: count(State::Scheduled),
            blocked: count(State::Blocked),
            ready: count(State::Ready),
            claimed: count(State::Claimed),
            failed: count(State::Failed),
            finished: count(State::Finished),
            discarded: count(State::Discarded),
            latency_seconds: stats.latency().as_secs_f64(),
            dispatch_latency_seconds: stats.dispatch_latency.as_secs_f64(),
            processes: stats.processes.len(),
            queues: stats.queues.iter().map(Queue::from).collect(),
            at: stats.at.to_string(),
            oldest_snapshot: stats.oldest_snapshot.clone().map(Snapshot::from),
            totals: stats.totals.as_ref().map(Sums::from),
        }
    }
}

impl From<OldestSnapshot> for Snapshot {
    fn from(snapshot: OldestSnapshot) -> Self {
        let OldestSnapshot { age, transactions, holder, pid, name, user, state } = snapshot;
        Self { age_seconds: age.map(|age| age.as_secs_f64()), transactions, holder, pid, name, user, state }
    }
}

impl From<&Totals> for Sums {
    fn from(totals: &Totals) -> Self {
        let Totals { enqueued, finished, discarded, errors, .. } = *totals;
        Self { enqueued, finished, discarded, errors }
    }
}
