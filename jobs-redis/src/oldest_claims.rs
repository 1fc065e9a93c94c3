//! Since when processes hold the first of their jobs.

use std::collections::HashMap;

use jobs_core::{ProcessId, ProcessRecord, Timestamp};

/// The time of the first claim of each process, from what was read of its claims.
#[derive(Clone, Debug, Default)]
pub struct OldestClaims(HashMap<ProcessId, Timestamp>);

impl OldestClaims {
    /// A process holds a job since then.
    pub fn add(&mut self, process: ProcessId, since: Timestamp) {
        let oldest = self.0.entry(process).or_insert(since);
        *oldest = since.min(*oldest);
    }

    /// The record with the time of its first claim.
    #[must_use]
    pub fn complete(&self, record: ProcessRecord) -> ProcessRecord {
        let oldest = self.0.get(&record.process.id).copied();
        record.with_oldest_claim(oldest)
    }
}
