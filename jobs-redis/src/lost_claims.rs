//! Claims whose answers did not arrive: no worker has their jobs, so a store releases them at the next claim.

use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::ProcessId;

/// The claims of a store whose answers were lost, each as what the store finds it by.
#[derive(Debug)]
pub struct LostClaims<C>(Mutex<Vec<(ProcessId, C)>>);

impl<C> Default for LostClaims<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Clone + PartialEq> LostClaims<C> {
    fn lock(&self) -> MutexGuard<'_, Vec<(ProcessId, C)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A claim that begins now. It is lost unless [`UnansweredClaim::arrived`] is called.
    pub const fn begin(&self, process: ProcessId, claim: C) -> UnansweredClaim<'_, C> {
        UnansweredClaim { lost: self, claim: Some((process, claim)) }
    }

    /// The lost claims of a process.
    pub fn of(&self, process: ProcessId) -> Vec<C> {
        self.lock().iter().filter(|(holder, _)| *holder == process).map(|(_, claim)| claim.clone()).collect()
    }

    /// Forgets claims of a process, whose jobs were released.
    pub fn released(&self, process: ProcessId, released: &[C]) {
        self.lock().retain(|(holder, claim)| *holder != process || !released.contains(claim));
    }
}

/// A claim whose answer has not arrived. If it is dropped, the claim is lost.
#[derive(Debug)]
#[must_use = "the claim is lost if this is dropped"]
pub struct UnansweredClaim<'l, C: Clone + PartialEq> {
    lost: &'l LostClaims<C>,
    claim: Option<(ProcessId, C)>,
}

impl<C: Clone + PartialEq> UnansweredClaim<'_, C> {
    /// The answer has arrived.
    pub fn arrived(mut self) {
        self.claim = None;
    }
}

impl<C: Clone + PartialEq> Drop for UnansweredClaim<'_, C> {
    fn drop(&mut self) {
        if let Some(claim) = self.claim.take() {
            self.lost.lock().push(claim);
        }
    }
}
