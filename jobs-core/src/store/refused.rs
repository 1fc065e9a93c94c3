//! Jobs whose rows a database refuses to change, so that they hold up no others.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::{Error, JobId, Timestamp};

/// The wait before a refused change is tried again. It doubles with each try.
const FIRST_WAIT: Duration = Duration::from_secs(2);

/// The longest of these waits. What refuses the change, such as a trigger, is removed by a person.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// So many jobs are left out at most. If there are more, what refuses them refuses nearly all.
const MOST: usize = 1000;

/// A job that a store could not change with the others of its batch, because the database refuses its row for good: a
/// trigger or a constraint of the user. The job stays as it is, and is tried again later.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RefusedJob {
    /// The job.
    pub job: JobId,
    /// Why, with the name of the operation and of the job.
    pub message: String,
}

impl RefusedJob {
    /// The refusal of this job.
    pub fn new(job: JobId, message: impl Into<String>) -> Self {
        Self { job, message: message.into() }
    }

    /// The error of a call that changed all jobs but these; `None` if there are none.
    pub fn error(refused: &[Self]) -> Option<Error> {
        let first = refused.first()?;
        let others = refused.len() - 1;
        let more = if others == 0 { String::new() } else { format!(" (and {others} jobs more)") };
        Some(Error::other(format!("{}{more}", first.message)))
    }
}

/// The jobs that one operation of a store leaves out for a while, since the database refused to change them.
#[derive(Debug, Default)]
pub struct RefusedJobs(Mutex<BTreeMap<JobId, Refusals>>);

#[derive(Clone, Copy, Debug)]
struct Refusals {
    times: u32,
    again: Timestamp,
}

impl RefusedJobs {
    /// The jobs to leave out now. Those that were not refused again since their turn came are forgotten.
    pub fn left_out(&self, now: Timestamp) -> BTreeSet<JobId> {
        let mut jobs = self.lock();
        jobs.retain(|_, refusals| now < refusals.again + LONGEST_WAIT);
        jobs.iter().filter(|(_, refusals)| now < refusals.again).map(|(job, _)| *job).collect()
    }

    /// Leaves a job out that was refused now, for 2 seconds at first and for 5 minutes at last. `None` if a thousand jobs are
    /// left out: what refuses so many refuses nearly all, and the error is one of the whole call.
    pub fn refuse(&self, job: JobId, now: Timestamp, message: impl Into<String>) -> Option<RefusedJob> {
        let mut jobs = self.lock();
        if jobs.len() >= MOST && !jobs.contains_key(&job) {
            return None;
        }
        let refusals = jobs.entry(job).or_insert(Refusals { times: 0, again: now });
        let wait = FIRST_WAIT.saturating_mul(2_u32.saturating_pow(refusals.times)).min(LONGEST_WAIT);
        *refusals = Refusals { times: refusals.times.saturating_add(1), again: now + wait };
        Some(RefusedJob::new(job, message))
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<JobId, Refusals>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
