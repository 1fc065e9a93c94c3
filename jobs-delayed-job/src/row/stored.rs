//! What the columns of a stored job say.

use std::time::Duration;

use jobs_core::{JobId, JobRecord, State, Timestamp};

use super::last_error::last_error_of;
use crate::PayloadObject;

/// After this many failed attempts a job has failed for good, unless its class says otherwise: `Delayed::Worker.max_attempts`.
pub const MAX_ATTEMPTS: u32 = 25;

/// How long a lock holds, unless the worker that looks is set otherwise: `Delayed::Worker.max_run_time`.
pub const MAX_RUN_TIME: Duration = Duration::from_secs(4 * 60 * 60);

/// How long a job waits after its n-th failed attempt: 5 seconds and the fourth power of n. (`Delayed::Backend::Base#reschedule_at`)
pub const fn retry_wait(failures: u32) -> Duration {
    let fourth = (failures as u64).saturating_pow(4);
    Duration::from_secs(fourth.saturating_add(5))
}

/// A row of the table `delayed_jobs`, with the columns that Delayed Job reads, for a program to fill in. Times are read by
/// [`parse_time`](super::parse_time).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of the row.
    pub id: i64,
    /// The priority of Ruby: lower numbers run first.
    pub priority: i32,
    /// How many attempts have failed.
    pub attempts: u32,
    /// What is to be performed.
    pub handler: String,
    /// The error of the last attempt that failed.
    pub last_error: Option<String>,
    /// When it is due. Without it the job never runs.
    pub run_at: Option<Timestamp>,
    /// When a worker took it.
    pub locked_at: Option<Timestamp>,
    /// The worker that took it.
    pub locked_by: Option<String>,
    /// When it failed for good. The lock of the last attempt stays then.
    pub failed_at: Option<Timestamp>,
    /// The queue; a worker with a list of queues takes no row without one.
    pub queue: Option<String>,
    /// When it was inserted.
    pub created_at: Option<Timestamp>,
    /// When it was changed last, except by a worker that took it.
    pub updated_at: Option<Timestamp>,
}

impl Row {
    /// The state of the job at this time, for a worker to which a lock holds for `max_run_time`.
    ///
    /// A row that has `failed_at` has failed, also if it is locked. A lock that is older does not hold. A job that is due is ready,
    /// and one without a time is scheduled for ever.
    pub fn state(&self, now: Timestamp, max_run_time: Duration) -> State {
        let is_held = |locked_at: Timestamp| locked_at + max_run_time >= now;
        if self.failed_at.is_some() {
            State::Failed
        } else if self.locked_at.is_some_and(is_held) {
            State::Claimed
        } else if self.run_at.is_some_and(|run_at| run_at <= now) {
            State::Ready
        } else {
            State::Scheduled
        }
    }

    /// The job as tools show it. Its id is the number of the row, and its priority is turned round, since here higher numbers run
    /// first.
    ///
    /// A handler that cannot be read leaves the arguments empty; the class on its first line is the name then.
    pub fn record(&self, now: Timestamp, max_run_time: Duration) -> JobRecord {
        let (name, arguments) = match PayloadObject::read(&self.handler) {
            Ok(payload) => (payload.name(), payload.arguments()),
            Err(_unreadable) => {
                (PayloadObject::class_of(&self.handler).unwrap_or_default().into_owned(), String::new())
            }
        };
        let mut record = JobRecord::new(JobId::from_number(self.id), name, arguments);
        if let Some(queue) = &self.queue {
            record.queue.clone_from(queue);
        }
        record.priority = self.priority.saturating_neg();
        record.state = self.state(now, max_run_time);
        record.attempts = self.attempts;
        record.enqueued_at = self.created_at.unwrap_or_default();
        record.due_at = self.run_at.unwrap_or_default();
        record.done_at = self.failed_at;
        record.errors = self.last_error.iter().map(|text| self.error(text)).collect();
        record
    }

    fn error(&self, text: &str) -> jobs_core::ErrorRecord {
        let mut error = last_error_of(text);
        error.attempt = self.attempts;
        error.at = self.failed_at.unwrap_or_default();
        error
    }
}
