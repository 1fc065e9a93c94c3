//! The runs that this handle gave out, so that the usual settlement needs no look at what is stored.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{ClaimToken, ProcessId};

use super::steps::ClaimedRun;

/// The runs that were not settled yet.
#[derive(Debug, Default)]
pub(crate) struct KnownRuns(Mutex<HashMap<(ProcessId, i64), ClaimedRun>>);

impl KnownRuns {
    fn lock(&self) -> MutexGuard<'_, HashMap<(ProcessId, i64), ClaimedRun>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn add(&self, run: ClaimedRun) {
        self.lock().insert((run.token.process, run.token.claim), run);
    }

    /// The run of this token, if it was given out here.
    pub(crate) fn get(&self, token: &ClaimToken) -> Option<ClaimedRun> {
        self.lock().get(&(token.process, token.claim)).filter(|run| run.token == *token).cloned()
    }

    /// Forgets a run that was settled, or no longer holds.
    pub(crate) fn remove(&self, token: &ClaimToken) -> Option<ClaimedRun> {
        self.lock().remove(&(token.process, token.claim))
    }

    /// Forgets all runs of a process.
    pub(crate) fn forget(&self, process: ProcessId) {
        self.lock().retain(|(holder, _), _| *holder != process);
    }
}
