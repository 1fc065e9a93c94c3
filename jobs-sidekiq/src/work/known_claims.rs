//! The claims that this handle gave out, so that the usual settlement needs no look at the stored text.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::{ClaimToken, JobId, ProcessId, Timestamp};

/// A claim that was not settled yet.
#[derive(Clone, Debug)]
pub(crate) struct KnownClaim {
    job: JobId,
    /// The class that the metrics page counts it under.
    pub(crate) class: Arc<str>,
    /// Whether Ruby enqueued it as an Active Job.
    pub(crate) is_active_job: bool,
    pub(crate) since: Timestamp,
}

/// The claims that were not settled yet.
#[derive(Debug, Default)]
pub(crate) struct KnownClaims(Mutex<HashMap<(ProcessId, i64), KnownClaim>>);

impl KnownClaims {
    fn lock(&self) -> MutexGuard<'_, HashMap<(ProcessId, i64), KnownClaim>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes down claims of this time, with the classes of their jobs, and whether those are Active Jobs of Ruby.
    pub(crate) fn add(&self, claims: impl Iterator<Item = (ClaimToken, (String, bool))>, since: Timestamp) {
        // Jobs of one class often follow each other.
        let mut last: Arc<str> = Arc::from("");
        let known = |(token, (class, is_active_job)): (ClaimToken, (String, bool))| {
            if *last != *class {
                last = Arc::from(class);
            }
            let known = KnownClaim { job: token.job, class: Arc::clone(&last), is_active_job, since };
            ((token.process, token.claim), known)
        };
        self.lock().extend(claims.map(known));
    }

    /// Of each token that was given out here, whether its job is an Active Job of Ruby.
    pub(crate) fn are_active_jobs<'t>(&self, tokens: impl Iterator<Item = &'t ClaimToken>) -> Vec<Option<bool>> {
        let known = self.lock();
        let of_token =
            |token: &ClaimToken| known.get(&(token.process, token.claim)).filter(|known| known.job == token.job);
        tokens.map(|token| of_token(token).map(|known| known.is_active_job)).collect()
    }

    /// Forgets tokens that were settled, or no longer hold. Answers with those that were given out here.
    pub(crate) fn remove<'t>(&self, tokens: impl Iterator<Item = &'t ClaimToken>) -> Vec<Option<KnownClaim>> {
        let mut known = self.lock();
        tokens.map(|token| known.remove(&(token.process, token.claim)).filter(|known| known.job == token.job)).collect()
    }

    /// Forgets all claims of a process.
    pub(crate) fn forget(&self, process: ProcessId) {
        self.lock().retain(|(holder, _), _| *holder != process);
    }
}
