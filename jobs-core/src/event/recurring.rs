//! The events of recurring tasks.

use std::time::Duration;

use crate::{JobId, Timestamp};

/// This process took the tick of a recurring task, and its job is stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecurringEnqueued {
    /// The key of the task.
    pub key: String,
    /// The tick.
    pub at: Timestamp,
    /// The job.
    pub job_id: JobId,
    /// How long after the tick the job was stored, by the store's time.
    pub late: Duration,
}

impl RecurringEnqueued {
    /// The event with these fields.
    pub fn new(key: impl Into<String>, at: Timestamp, job_id: JobId) -> Self {
        Self { key: key.into(), at, job_id, late: Duration::ZERO }
    }

    /// Stored so long after the tick.
    pub fn late(mut self, late: Duration) -> Self {
        self.late = late;
        self
    }
}

/// Ticks of a recurring task were left out: no process took them in time, or their job could not be enqueued.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RecurringSkipped {
    /// The key of the task.
    pub key: String,
    /// How many ticks; 1000 means 1000 or more.
    pub ticks: u32,
    /// The last tick that was left out.
    pub until: Timestamp,
}

impl RecurringSkipped {
    /// The event with these fields.
    pub fn new(key: impl Into<String>, ticks: u32, until: Timestamp) -> Self {
        Self { key: key.into(), ticks, until }
    }
}
