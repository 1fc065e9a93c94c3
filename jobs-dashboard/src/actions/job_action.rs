//! The actions that users can take on jobs: retry, discard, reschedule.

use jobs_core::lifecycle::{Cause, origins};
use jobs_core::{Due, Error, JobId, Manage, State};

use crate::error::HttpError;
use crate::request::due_time::due_time;
use crate::request::fields::Fields;

/// An action on jobs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JobAction {
    Retry,
    Discard,
    Reschedule(Due),
}

impl JobAction {
    /// All of them. The request still has to give the time of the last one.
    pub(crate) const ALL: [Self; 3] = [Self::Retry, Self::Discard, Self::Reschedule(Due::Now)];

    /// The action with this verb.
    ///
    /// # Errors
    /// There is no such action.
    pub(crate) fn parse(verb: &str) -> Result<Self, HttpError> {
        let action = Self::ALL.into_iter().find(|action| action.verb() == verb);
        action.ok_or_else(|| HttpError::not_found(format!("`{verb}` is not an action on jobs.")))
    }

    /// The action with the time that the fields give, if it needs one.
    ///
    /// # Errors
    /// It needs a time, and the fields give none that is valid.
    pub(crate) fn with_due_time(self, fields: &Fields) -> Result<Self, HttpError> {
        match self {
            Self::Reschedule(_) => due_time(fields).map(Self::Reschedule),
            Self::Retry | Self::Discard => Ok(self),
        }
    }

    /// Its name in addresses and audit records.
    pub(crate) const fn verb(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Discard => "discard",
            Self::Reschedule(_) => "reschedule",
        }
    }

    /// Its name in sentences about what was done.
    pub(crate) const fn participle(self) -> &'static str {
        match self {
            Self::Retry => "retried",
            Self::Discard => "discarded",
            Self::Reschedule(_) => "rescheduled",
        }
    }

    /// The label of its button for jobs in this state.
    pub(crate) const fn label(self, state: State) -> &'static str {
        match (self, state) {
            (Self::Retry, State::Scheduled) => "Run now",
            (Self::Retry, _) => "Retry",
            (Self::Discard, _) => "Discard",
            (Self::Reschedule(_), _) => "Reschedule",
        }
    }

    /// Whether it can be taken on jobs in this state. Running jobs are changed only by the process that runs them.
    pub(crate) fn applies_to(self, state: State) -> bool {
        let cause = match self {
            Self::Retry => Cause::ManualRetry,
            Self::Discard => Cause::Discard,
            Self::Reschedule(_) => Cause::Reschedule,
        };
        state != State::Claimed && origins(cause).any(|origin| origin == state)
    }

    /// Takes it on these jobs; how many were changed.
    pub(crate) async fn apply(self, manage: &dyn Manage, jobs: &[JobId]) -> Result<u64, Error> {
        match self {
            Self::Retry => manage.retry(jobs).await,
            Self::Discard => manage.discard(jobs).await,
            Self::Reschedule(due) => manage.reschedule(jobs, due).await,
        }
    }
}
