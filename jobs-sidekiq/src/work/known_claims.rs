//! The claims that this handle gave out, so that the usual settlement needs no look at the stored text.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{ClaimToken, JobId, ProcessId};

/// The job of each claim that was not settled yet.
#[derive(Debug, Default)]
pub(crate) struct KnownClaims(Mutex<HashMap<(ProcessId, i64), JobId>>);

impl KnownClaims {
    fn lock(&self) -> MutexGuard<'_, HashMap<(ProcessId, i64), JobId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add<'t>(&self, tokens: impl Iterator<Item = &'t ClaimToken>) {
        self.lock().extend(tokens.map(|token| ((token.process, token.claim), token.job)));
    }

    /// Whether the token is one that was given out here.
    pub(crate) fn contains(&self, token: &ClaimToken) -> bool {
        self.lock().get(&(token.process, token.claim)) == Some(&token.job)
    }

    /// Forgets tokens that were settled, or no longer hold.
    pub(crate) fn remove<'t>(&self, tokens: impl Iterator<Item = &'t ClaimToken>) {
        let mut known = self.lock();
        for token in tokens {
            known.remove(&(token.process, token.claim));
        }
    }

    /// Forgets all claims of a process.
    pub(crate) fn forget(&self, process: ProcessId) {
        self.lock().retain(|(holder, _), _| *holder != process);
    }
}
