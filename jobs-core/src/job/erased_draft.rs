//! A job that is being enqueued by its name and arguments, without its type.

use std::fmt;

use super::arguments::{arguments_of, read_version};
use super::reserved_keys::reserved_key;
use crate::callback::{Callback, ErasedJob, Moment, Verdict, run_enqueue};
use crate::{Error, Expires, Job, JobDraft, Policy, Storing};

/// A job that was read from its stored form, with what its enqueue callbacks may alter.
pub struct ErasedDraft {
    /// As it would be enqueued: with its own queue and priority, and what it is unique by.
    pub enqueue: JobDraft,
    /// The version of the arguments, which is the current one.
    pub version: u32,
    job: Box<ErasedJob>,
}

impl ErasedDraft {
    pub(super) fn of<J: Job>(arguments: &str, version: u32, default_priority: i32) -> Result<Self, Error> {
        let settings = J::SETTINGS;
        let job: J = read_version(arguments, version).map_err(|unread| {
            Error::invalid(format!("the arguments of `{}`: {unread}", settings.name)).with_source(unread)
        })?;
        let arguments = arguments_of(&job)?;
        let reserved_key = reserved_key(&job, &arguments);
        let mut enqueue = JobDraft::new(settings.name, job.queue_name(), arguments);
        enqueue.reserved_key = reserved_key;
        enqueue.priority = job.priority_or(default_priority);
        enqueue.expires = settings.expires_in.map(Expires::In);
        enqueue.unique = settings.unique;
        enqueue.signature = settings.signature;
        enqueue.unique_by = settings.unique.and_then(|_| job.unique_by());
        Ok(Self { enqueue, version: settings.version, job: Box::new(job) })
    }

    /// Runs the enqueue callbacks around `storing`, as [`enqueue`](crate::enqueue()) does.
    ///
    /// As there when it is dropped.
    ///
    /// # Errors
    /// As there.
    pub async fn run(&mut self, policy: &Policy, storing: &dyn Storing) -> Verdict {
        let callbacks: Vec<&Callback> = policy.callbacks(Moment::Enqueue).collect();
        run_enqueue(&callbacks, &mut self.enqueue, &*self.job, storing).await
    }
}

impl fmt::Debug for ErasedDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Drafted")
            .field("enqueue", &self.enqueue)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}
