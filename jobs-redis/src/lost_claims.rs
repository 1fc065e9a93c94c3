//! Claims whose answers did not arrive: no worker has their jobs, so a store releases them at the next claim.

use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jobs_core::ProcessId;

/// The claims of a store whose answers were lost, each as what the store finds it by.
#[derive(Debug)]
pub struct LostClaims<C>(Mutex<Vec<LostClaim<C>>>);

#[derive(Debug)]
struct LostClaim<C> {
    process: ProcessId,
    claim: C,
    /// Whether it was told that it still holds jobs.
    is_told: bool,
}

impl<C> Default for LostClaims<C> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<C: Clone + PartialEq> LostClaims<C> {
    fn lock(&self) -> MutexGuard<'_, Vec<LostClaim<C>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A claim that begins now. It is lost unless [`UnansweredClaim::arrived`] is called.
    pub const fn begin(&self, process: ProcessId, claim: C) -> UnansweredClaim<'_, C> {
        UnansweredClaim { lost: self, claim: Some((process, claim)) }
    }

    /// The lost claims of a process.
    pub fn of(&self, process: ProcessId) -> Vec<C> {
        self.lock().iter().filter(|lost| lost.process == process).map(|lost| lost.claim.clone()).collect()
    }

    /// Forgets those of these claims of a process that hold no job any more. The others, `holding`, are released again at the
    /// next claim: their queues cannot take the jobs, which the log tells once.
    pub fn released(&self, process: ProcessId, tried: &[C], holding: impl Fn(&C) -> bool) {
        self.lock().retain_mut(|lost| {
            if lost.process != process || !tried.contains(&lost.claim) {
                return true;
            }
            let is_kept = holding(&lost.claim);
            if is_kept && !mem::replace(&mut lost.is_told, true) {
                tracing::warn!(
                    %process,
                    "jobs of a claim whose answer was lost cannot go back to their queue; it is tried again at each claim"
                );
            }
            is_kept
        });
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
        if let Some((process, claim)) = self.claim.take() {
            self.lost.lock().push(LostClaim { process, claim, is_told: false });
        }
    }
}
