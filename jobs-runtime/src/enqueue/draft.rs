//! A job that is being enqueued: what its callbacks may change, and how they run around the storing.

use std::future::Future;

use jobs_core::callback::Verdict;
use jobs_core::job::reserved_key;
use jobs_core::{ErasedDraft, Error, Expires, Job, JobDraft, Policy, Storing, arguments_of};

use crate::enqueue::options::EnqueueOptions;

/// A job that is being enqueued. One enqueue path serves jobs of a known type and jobs known by name only.
pub(crate) trait Draft: Send {
    /// What the callbacks may change.
    fn values(&mut self) -> &mut JobDraft;

    /// The version of the arguments.
    fn version(&self) -> u32;

    /// Runs the enqueue callbacks around the storing.
    fn run_callbacks(&mut self, policy: &Policy, storing: &dyn Storing) -> impl Future<Output = Verdict> + Send;
}

/// A job whose name is known and whose type is not.
impl Draft for ErasedDraft {
    fn values(&mut self) -> &mut JobDraft {
        &mut self.enqueue
    }

    fn version(&self) -> u32 {
        self.version
    }

    fn run_callbacks(&mut self, policy: &Policy, storing: &dyn Storing) -> impl Future<Output = Verdict> + Send {
        self.run(policy, storing)
    }
}

/// A job whose type is known; the caller's value is borrowed.
pub(crate) struct TypedDraft<'a, J> {
    job: &'a J,
    pub(crate) values: JobDraft,
}

impl<'a, J: Job> TypedDraft<'a, J> {
    /// The job with these options. `default_priority` is that of jobs without one.
    ///
    /// # Errors
    /// The arguments cannot be written as JSON.
    pub(crate) fn new(job: &'a J, options: &EnqueueOptions, default_priority: i32) -> Result<Self, Error> {
        let unique = options.unique(J::SETTINGS.unique);
        let unique_by = options.key().or_else(|| unique.and_then(|_| job.unique_by()));
        let queue = options.queue.clone().map_or_else(|| job.queue_name(), Into::into);
        let arguments = arguments_of(job)?;
        let reserved_key = reserved_key(job, &arguments);
        let mut values = JobDraft::new(J::SETTINGS.name, queue, arguments);
        values.reserved_key = reserved_key;
        values.priority = options.priority.unwrap_or_else(|| job.priority_or(default_priority));
        values.due = options.due;
        values.expires = options.expires.or(J::SETTINGS.expires_in.map(Expires::In));
        (values.unique, values.unique_by) = (unique, unique_by);
        values.signature = J::SETTINGS.signature;
        Ok(Self { job, values })
    }
}

impl<J: Job> Draft for TypedDraft<'_, J> {
    fn values(&mut self) -> &mut JobDraft {
        &mut self.values
    }

    fn version(&self) -> u32 {
        J::SETTINGS.version
    }

    fn run_callbacks(&mut self, policy: &Policy, storing: &dyn Storing) -> impl Future<Output = Verdict> + Send {
        jobs_core::enqueue(&mut self.values, self.job, policy, storing)
    }
}
