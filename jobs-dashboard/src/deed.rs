//! What can be done to jobs by hand.

use jobs_core::lifecycle::{Cause, origins};
use jobs_core::{Due, Error, JobId, Manage, State};

use crate::failure::Failure;

/// One of the things that a person may do to jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Retry,
    Discard,
    Reschedule(Due),
}

impl Deed {
    /// All of them; the time of the last is still to be said.
    pub(crate) const ALL: [Self; 3] = [Self::Retry, Self::Discard, Self::Reschedule(Due::Now)];

    /// The one of this word.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn named(verb: &str) -> Result<Self, Failure> {
        let deed = Self::ALL.into_iter().find(|deed| deed.verb() == verb);
        deed.ok_or_else(|| Failure::not_found(format!("`{verb}` is nothing that can be done to jobs.")))
    }

    /// Its word in addresses and records.
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Discard => "discard",
            Self::Reschedule(_) => "reschedule",
        }
    }

    /// What was done to a job afterwards.
    pub(crate) const fn participle(self) -> &'static str {
        match self {
            Self::Retry => "retried",
            Self::Discard => "discarded",
            Self::Reschedule(_) => "rescheduled",
        }
    }

    /// What a button for jobs in this state says.
    pub(crate) const fn label(self, state: State) -> &'static str {
        match (self, state) {
            (Self::Retry, State::Scheduled) => "Run now",
            (Self::Retry, _) => "Retry",
            (Self::Discard, _) => "Discard",
            (Self::Reschedule(_), _) => "Reschedule",
        }
    }

    /// Whether a person may do it to jobs in this state. The running ones are moved by those who run them.
    pub(crate) fn suits(self, state: State) -> bool {
        let cause = match self {
            Self::Retry => Cause::RetryByHand,
            Self::Discard => Cause::Discard,
            Self::Reschedule(_) => Cause::Reschedule,
        };
        state != State::Claimed && origins(cause).any(|origin| origin == state)
    }

    pub(crate) async fn run(self, manage: &dyn Manage, jobs: &[JobId]) -> Result<u64, Error> {
        match self {
            Self::Retry => manage.retry(jobs).await,
            Self::Discard => manage.discard(jobs).await,
            Self::Reschedule(due) => manage.reschedule(jobs, due).await,
        }
    }
}
