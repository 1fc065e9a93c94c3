//! How processes of ours are noted down, and since when they hold the first of their jobs.

use std::collections::HashMap;

use jobs_core::{Process, ProcessId, ProcessRecord, Timestamp};

/// A process as it is noted down: `started:heartbeat:JSON`.
#[derive(Clone, Debug)]
pub struct RegisteredProcess {
    /// The text that was read, to see whether it has changed.
    pub text: Vec<u8>,
    /// What it says.
    pub record: ProcessRecord,
}

impl RegisteredProcess {
    /// Reads what a heartbeat wrote; `None` if it is something else.
    pub fn parse(text: Vec<u8>) -> Option<Self> {
        let mut parts = text.splitn(3, |byte| *byte == b':');
        let mut time = || std::str::from_utf8(parts.next()?).ok()?.parse().ok().map(Timestamp::from_micros);
        let (started, beat) = (time()?, time()?);
        let process: Process = serde_json::from_slice(parts.next()?).ok()?;
        Some(Self { record: ProcessRecord::new(process, started, beat, 0), text })
    }

    /// The text with another time of the last heartbeat.
    pub fn text_at(&self, beat: Timestamp) -> Vec<u8> {
        let ProcessRecord { process, started_at, .. } = &self.record;
        let json = serde_json::to_string(process).unwrap_or_default();
        format!("{}:{}:{json}", started_at.as_micros(), beat.as_micros()).into_bytes()
    }
}

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
