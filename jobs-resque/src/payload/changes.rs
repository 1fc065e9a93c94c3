//! The payload after a failure, or for another attempt.

use jobs_active_job::Rails;
use jobs_core::{ErrorRecord, Meta, Timestamp};

use super::Payload;
use super::encode::list_of;

impl Payload {
    /// The payload with this failure in it. The errors of a job with many attempts are the first and the last ones.
    pub fn failed(mut self, error: &ErrorRecord) -> Self {
        error.append_to(&mut self.own.errors);
        self.own.failures = self.own.failures.max(self.attempts_of_ruby).saturating_add(1);
        self.save_own();
        self
    }

    /// Replaces the metadata.
    pub fn with_meta(mut self, meta: Option<&str>) -> Self {
        if self.meta().as_deref() != meta {
            self.own.meta = meta.map(str::to_owned);
            self.save_own();
        }
        self
    }

    /// With another priority.
    pub fn with_priority(mut self, priority: i32) -> Self {
        self.own.priority = priority;
        self.save_own();
        self
    }

    /// Notes down when it is due, more exactly than the whole seconds of resque-scheduler. A job of Ruby is left as it is.
    pub fn due(mut self, due: Timestamp) -> Self {
        if self.is_ours() {
            self.own.due = Some(due.as_micros());
            self.save_own();
        }
        self
    }

    /// A job of Active Job as its `retry_on` enqueues it again: one more execution, and the same `job_id`. Another job is left
    /// as it is. `rails` is the oldest release of the fleet.
    pub fn enqueued_again(
        mut self,
        queue: &str,
        meta: Option<&str>,
        now: Timestamp,
        due: Timestamp,
        rails: Rails,
    ) -> Self {
        let Some(mut job) = self.active_job.take() else { return self };
        job.set_executions(job.executions().saturating_add(1));
        for (key, count) in Meta::parse(meta).unwrap_or_default().exception_executions {
            job.set_exception_executions(&key, count);
        }
        job.set_queue(queue);
        job.set_times(now, (due > now).then_some(due), rails);
        self.fields.set("args", list_of(&job));
        self.active_job = Some(job);
        self
    }
}
