//! The list of queues that a store puts together from rows, which it reads by queue and state.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{Counts, QueueRecord, State};

/// The queues while a store reads them, for stores that count the jobs of each queue by state.
#[derive(Clone, Debug, Default)]
pub struct QueueListBuilder(BTreeMap<String, QueueRecord>);

impl QueueListBuilder {
    /// Adds jobs of one state. Finished and discarded jobs are left out: they are history, and a queue is not listed for
    /// its history.
    pub fn add(&mut self, queue: String, state: State, jobs: u64) {
        if jobs == 0 || matches!(state, State::Finished | State::Discarded) {
            return;
        }
        let record = self.entry(queue);
        record.counts.get_or_insert_default().add(state, jobs);
        if state == State::Ready {
            record.ready += jobs;
        }
    }

    /// Notes how long the job has waited that has been ready longest.
    pub fn waited(&mut self, queue: String, latency: Duration) {
        let record = self.entry(queue);
        record.latency = record.latency.max(latency);
    }

    /// Notes that a queue is paused.
    pub fn pause(&mut self, queue: String) {
        self.entry(queue).paused = true;
    }

    /// The queues, sorted by name.
    pub fn finish(self) -> Vec<QueueRecord> {
        self.0.into_values().collect()
    }

    fn entry(&mut self, queue: String) -> &mut QueueRecord {
        self.0.entry(queue).or_insert_with_key(|name| {
            let mut record = QueueRecord::new(name.clone(), 0, Duration::ZERO, false);
            record.counts = Some(Counts::default());
            record
        })
    }
}
