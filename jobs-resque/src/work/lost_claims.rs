//! Claims whose answers did not arrive: no worker has their jobs, so the store releases them at the next claim.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::{Error, ProcessId};

use crate::{ResqueStore, scripts};

/// The numbers of claims whose answers were lost.
#[derive(Debug, Default)]
pub(crate) struct LostClaims(Mutex<Vec<(ProcessId, Range<u64>)>>);

impl LostClaims {
    fn lock(&self) -> MutexGuard<'_, Vec<(ProcessId, Range<u64>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A claim that begins now. It is lost unless [`UnansweredClaim::arrived`] is called.
    pub(crate) fn begin(&self, process: ProcessId, numbers: Range<u64>) -> UnansweredClaim<'_> {
        UnansweredClaim { lost: self, claim: Some((process, numbers)) }
    }

    fn of(&self, process: ProcessId) -> Vec<Range<u64>> {
        self.lock().iter().filter(|(holder, _)| *holder == process).map(|(_, numbers)| numbers.clone()).collect()
    }

    fn released(&self, process: ProcessId, released: &[Range<u64>]) {
        self.lock().retain(|(holder, numbers)| *holder != process || !released.contains(numbers));
    }
}

/// A claim whose answer has not arrived.
#[derive(Debug)]
pub(crate) struct UnansweredClaim<'l> {
    lost: &'l LostClaims,
    claim: Option<(ProcessId, Range<u64>)>,
}

impl UnansweredClaim<'_> {
    pub(crate) fn arrived(mut self) {
        self.claim = None;
    }
}

impl Drop for UnansweredClaim<'_> {
    fn drop(&mut self) {
        if let Some(claim) = self.claim.take() {
            self.lost.lock().push(claim);
        }
    }
}

impl ResqueStore {
    /// Releases the jobs of lost claims of a process. The calls of a connection are done in their order, so those claims are
    /// over.
    pub(crate) async fn release_lost(&self, process: ProcessId) -> Result<(), Error> {
        let lost = self.lost.of(process);
        if lost.is_empty() {
            return Ok(());
        }
        let words = [self.options.keys.prefix(), self.changes.channel().to_owned(), process.to_string()];
        let numbers = lost.iter().flat_map(|numbers| [numbers.start.to_string(), numbers.end.to_string()]);
        let words = words.into_iter().chain([lost.len().to_string()]).chain(numbers);
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).collect();
        let _released: i64 = self.link.run(&scripts::RELEASE, &arguments, "release the jobs of a lost claim").await?;
        self.lost.released(process, &lost);
        self.changes.notify();
        Ok(())
    }
}
