//! Claims whose answers did not arrive: no worker has their jobs, so the store releases them at the next claim.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{Error, ProcessId};

use crate::SidekiqStore;
use crate::scripts;

/// The batches of claims whose answers were lost.
#[derive(Debug, Default)]
pub(crate) struct LostClaims(Mutex<Vec<(ProcessId, u64)>>);

impl LostClaims {
    fn lock(&self) -> MutexGuard<'_, Vec<(ProcessId, u64)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A claim that begins now. It is lost unless [`UnansweredClaim::arrived`] is called.
    pub(crate) fn begin(&self, process: ProcessId, batch: u64) -> UnansweredClaim<'_> {
        UnansweredClaim { lost: self, claim: (process, batch), arrived: false }
    }

    fn of(&self, process: ProcessId) -> Vec<u64> {
        self.lock().iter().filter(|(holder, _)| *holder == process).map(|(_, batch)| *batch).collect()
    }

    fn released(&self, process: ProcessId, batches: &[u64]) {
        self.lock().retain(|(holder, batch)| *holder != process || !batches.contains(batch));
    }
}

/// A claim whose answer has not arrived.
#[derive(Debug)]
pub(crate) struct UnansweredClaim<'l> {
    lost: &'l LostClaims,
    claim: (ProcessId, u64),
    arrived: bool,
}

impl UnansweredClaim<'_> {
    pub(crate) fn arrived(mut self) {
        self.arrived = true;
    }
}

impl Drop for UnansweredClaim<'_> {
    fn drop(&mut self) {
        if !self.arrived {
            self.lost.lock().push(self.claim);
        }
    }
}

impl SidekiqStore {
    /// Releases the jobs of lost claims of a process. Redis notes the claims down: one that arrives later, from a connection that
    /// was lost, takes nothing.
    pub(crate) async fn release_lost(&self, process: ProcessId) -> Result<(), Error> {
        let batches = self.lost.of(process);
        if batches.is_empty() {
            return Ok(());
        }
        let words = [self.options.namespace_prefix(), self.changes.channel().to_owned(), process.to_string()];
        let numbers = std::iter::once(batches.len().to_string()).chain(batches.iter().map(u64::to_string));
        let arguments: Vec<Vec<u8>> = words.into_iter().chain(numbers).map(String::into_bytes).collect();
        let _released: i64 = self.link.run(&scripts::RELEASE, &arguments, "release the jobs of a lost claim").await?;
        self.lost.released(process, &batches);
        self.changes.notify();
        Ok(())
    }
}
