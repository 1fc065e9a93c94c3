//! The record of which job took a unique key, and whether it still holds the key.

use super::{UniqueKey, UniqueUntil};
use crate::{JobId, State, Timestamp};

/// What a store knows of the job that took a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderJob {
    /// Its state.
    pub state: State,
    /// Whether a process ever claimed it.
    pub was_claimed: bool,
    /// When it [expires](crate::expired), if it does.
    pub expires_at: Option<Timestamp>,
}

impl HolderJob {
    /// Whether it is discarded instead of being run: it has expired, and no process has it.
    fn is_not_begun_any_more(self, now: Timestamp) -> bool {
        self.state != State::Claimed && self.expires_at.is_some_and(|at| at <= now)
    }

    fn holds(self, until: UniqueUntil, now: Timestamp) -> bool {
        until.holds(self.state, self.was_claimed) && !self.is_not_begun_any_more(now)
    }
}

/// A key that a job took, as a store records it.
///
/// It says which job took the key, not whether the key is still held: the state of the job says that. So no key has to be
/// released when a job changes its state or a process dies, and no key is held without a job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHolder {
    /// The job that took it.
    pub job: JobId,
    /// The event that ends it.
    pub until: Option<UniqueUntil>,
    /// When it ends at the latest, by the store's clock.
    pub expires_at: Option<Timestamp>,
}

impl KeyHolder {
    /// Of a job that takes the key now.
    pub fn new(key: &UniqueKey, job: JobId, now: Timestamp) -> Self {
        Self { job, until: key.until(), expires_at: key.lasting().map(|time| now + time) }
    }

    /// Whether it prevents other jobs at this time of the store's clock. `job` is `None` if the store no longer has the job.
    ///
    /// A job that has expired and waits prevents none: it will not run. One that a process has claimed may run.
    pub fn holds(&self, job: Option<HolderJob>, now: Timestamp) -> bool {
        let in_time = self.expires_at.is_none_or(|at| now < at);
        in_time && self.until.is_none_or(|until| job.is_some_and(|job| job.holds(until, now)))
    }

    /// Whether it may be forgotten together with the job: it does not depend on time alone.
    pub const fn ends_with_its_job(&self) -> bool {
        self.until.is_some()
    }
}
