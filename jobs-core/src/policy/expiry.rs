//! When a job has expired: it is discarded instead of being begun.

use super::{FailureDecision, Outcome};
use crate::failure::Expired;
use crate::{Decision, ErrorRecord, Timestamp};

/// The class of the error of a job that has expired: [`Expired`].
pub const EXPIRED_CLASS: &str = "jobs::Expired";

/// The error of a job that is to begin now, if it has expired.
pub fn expired(expires_at: Option<Timestamp>, now: impl FnOnce() -> Timestamp) -> Option<Expired> {
    expires_at.filter(|at| *at <= now()).map(|at| Expired { at })
}

impl FailureDecision {
    /// The same, or a discard if the decision is a retry and the job has expired when it is due.
    pub fn unless_expired(self, expires_at: Option<Timestamp>, now: Timestamp) -> Self {
        let Decision::Retry { wait, error, .. } = &self.decision else { return self };
        let Some(expired) = expired(expires_at, || now + *wait) else { return self };
        let record = not_retried(expired, error);
        Self::new(Outcome::Discarded, Decision::Discard { error: Some(record) })
    }
}

/// The error of the attempt becomes the cause.
fn not_retried(expired: Expired, error: &ErrorRecord) -> ErrorRecord {
    let message = format!("the job expires at {}, before its next attempt", expired.at);
    let own = format!("{}: {}", error.class, error.message);
    let causes = std::iter::once(own).chain(error.causes.iter().cloned()).collect();
    let class = EXPIRED_CLASS.to_owned();
    ErrorRecord { class, message, causes, ..error.clone() }
}
