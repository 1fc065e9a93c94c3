//! Ticks that are requested together: which of them may be taken, and what their jobs change.

use std::collections::{HashMap, HashSet};

use super::{RecurringRecord, Tick, TickOutcome};
use crate::{Enqueued, NewJob, Timestamp};

/// Ticks that are requested together, with the records of their tasks as the store holds them locked.
///
/// A store makes it, stores the [`jobs`](Self::jobs), and writes the records that [`finish`](Self::finish) returns, all in one
/// transaction.
#[derive(Debug)]
pub struct TickBatch {
    /// In the order of the request: the task and the tick, and the answer or the job that is to be stored.
    requests: Vec<RequestedTick>,
    jobs: Vec<NewJob>,
    records: HashMap<String, RecurringRecord>,
}

#[derive(Debug)]
struct RequestedTick {
    key: String,
    at: Timestamp,
    /// The answer that is certain already; `None` if it is that of the next job.
    outcome: Option<TickOutcome>,
}

impl TickBatch {
    /// Decides on the ticks in their order, by the store's time `now`. `records` are those of their tasks; a tick whose task
    /// has none is [unknown](TickOutcome::Unknown). The same task may have several ticks.
    pub fn new(ticks: Vec<Tick>, records: impl IntoIterator<Item = RecurringRecord>, now: Timestamp) -> Self {
        let records = records.into_iter().map(|record| (record.task.key.clone(), record)).collect();
        let mut batch = Self { requests: Vec::with_capacity(ticks.len()), jobs: Vec::new(), records };
        for Tick { key, at, job } in ticks {
            let outcome = match batch.records.get_mut(&key) {
                None => Some(TickOutcome::Unknown),
                Some(record) => record.refuses(at, now).or_else(|| {
                    // A later tick of this batch is decided by this one.
                    record.note(at, None);
                    job.is_none().then_some(TickOutcome::Skipped)
                }),
            };
            if outcome.is_none() {
                batch.jobs.extend(job);
            }
            batch.requests.push(RequestedTick { key, at, outcome });
        }
        batch
    }

    /// The jobs of the ticks that may be taken, in their order. They are to be stored as by
    /// [`Store::enqueue`](crate::Store::enqueue).
    pub fn jobs(&self) -> &[NewJob] {
        &self.jobs
    }

    /// The answers, one for each tick, and the records that have changed. `enqueued` has the answer for each of the
    /// [`jobs`](Self::jobs).
    pub fn finish(mut self, enqueued: &[Enqueued]) -> (Vec<TickOutcome>, Vec<RecurringRecord>) {
        let (mut enqueued, mut changed) = (enqueued.iter(), HashSet::new());
        let mut outcomes = Vec::with_capacity(self.requests.len());
        for RequestedTick { key, at, outcome } in self.requests {
            let outcome = outcome.or_else(|| enqueued.next().copied().map(TickOutcome::Enqueued));
            // A store that gives too few answers has stored nothing for this tick.
            let outcome = outcome.unwrap_or(TickOutcome::Unknown);
            if let TickOutcome::Enqueued(answer) = &outcome
                && let Some(record) = self.records.get_mut(&key)
            {
                record.note_job(at, answer);
            }
            if matches!(outcome, TickOutcome::Enqueued(_) | TickOutcome::Skipped) {
                changed.insert(key);
            }
            outcomes.push(outcome);
        }
        let records = self.records.into_values().filter(|record| changed.contains(&record.task.key));
        (outcomes, records.collect())
    }
}
