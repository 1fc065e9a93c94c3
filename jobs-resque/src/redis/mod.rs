//! Calls that enqueue, schedule, claim and settle jobs and register workers, each change in one script.

mod dispatch;
mod scripts;
mod workers;

use std::fmt;
use std::sync::Arc;

use jobs_core::{Clock, Error, StoreClock, SystemEntropy, Timestamp};
use jobs_redis::Link;
use jobs_redis::redis::Client;

pub use workers::{ClaimedJob, RunOutcome};

use crate::{DelayedJob, Keys, Payload};

/// The queues, the schedule and the workers of a fleet in Redis. Each change is one script, so it is done wholly or not at all, also when a
/// process is killed meanwhile.
pub struct ResqueRedis {
    link: Link,
    clock: StoreClock,
    keys: Keys,
    entropy: SystemEntropy,
}

impl ResqueRedis {
    /// Those of this server, with the keys of this fleet. Nothing is sent yet. Time is that of this machine, or of the clock
    /// that is given.
    pub fn new(client: Client, keys: Keys, clock: Option<Arc<dyn Clock>>) -> Self {
        Self { link: Link::new(client), clock: StoreClock::new(clock), keys, entropy: SystemEntropy::new() }
    }

    /// Adds jobs to the right ends of their queues, in this order. `jobs` are queues and payloads.
    ///
    /// Cancel safe in that all jobs are added or none; which of both is not known then.
    ///
    /// # Errors
    /// Redis cannot be reached, or refuses it; the error [is transient](Error::is_transient) if it may be tried again.
    pub async fn push(&self, jobs: &[(&str, &Payload)]) -> Result<(), Error> {
        let mut arguments = vec![self.keys.prefix()];
        for (queue, payload) in jobs {
            arguments.extend([(*queue).to_owned(), payload.text()]);
        }
        let _added: u64 = self.link.run(&scripts::PUSH, &bytes(arguments), "enqueue jobs").await?;
        Ok(())
    }

    /// Adds jobs to the schedule, each for the whole second of its time, or to its queue if that second is not in the future.
    /// Answers with how many wait.
    ///
    /// Cancel safe in that all jobs are added or none; which of both is not known then.
    ///
    /// # Errors
    /// As those of [`push`](Self::push).
    pub async fn schedule(&self, jobs: &[(Timestamp, DelayedJob)]) -> Result<u64, Error> {
        let mut arguments = vec![self.keys.prefix(), self.second()];
        for (due, job) in jobs {
            let second = DelayedJob::second_of(*due).to_string();
            arguments.extend([second, job.text(), job.queue.clone(), job.payload.text()]);
        }
        self.link.run(&scripts::SCHEDULE, &bytes(arguments), "schedule jobs").await
    }

    /// Removes this job from all seconds to come in which its very text waits. Answers with how many were removed. A second
    /// that is due already belongs to the scheduler.
    ///
    /// Cancel safe in that all are removed or none; which of both is not known then.
    ///
    /// # Errors
    /// As those of [`push`](Self::push).
    pub async fn unschedule(&self, job: &DelayedJob) -> Result<u64, Error> {
        let arguments = vec![self.keys.prefix(), self.second(), job.text()];
        self.link.run(&scripts::UNSCHEDULE, &bytes(arguments), "remove delayed jobs").await
    }

    fn second(&self) -> String {
        DelayedJob::second_of(self.clock.now()).to_string()
    }
}

impl fmt::Debug for ResqueRedis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResqueRedis").field("keys", &self.keys).finish_non_exhaustive()
    }
}

fn bytes(arguments: Vec<String>) -> Vec<Vec<u8>> {
    arguments.into_iter().map(String::into_bytes).collect()
}
