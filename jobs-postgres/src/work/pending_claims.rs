//! Claims whose results have not arrived yet. If the result of a claim is lost, or the call is dropped, no worker has
//! the claimed jobs, although the server shows them as claimed. The next claim of the same process releases them first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::ProcessId;

/// The pending claims of one store. Each claim has a number, its ticket, and the server writes it on the claimed jobs.
#[derive(Clone, Debug, Default)]
pub(crate) struct PendingClaims(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    last_ticket: i64,
    claims: Vec<Entry>,
}

/// A claim that was sent, or is about to be.
#[derive(Debug)]
struct Entry {
    process: ProcessId,
    ticket: i64,
    /// The result of the claim will never be received.
    is_lost: bool,
}

impl PendingClaims {
    /// Registers a claim that is now to be sent. Later claims have higher tickets.
    pub(crate) fn register(&self, process: ProcessId) -> PendingClaim {
        let mut state = self.lock();
        state.last_ticket += 1;
        let ticket = state.last_ticket;
        state.claims.push(Entry { process, ticket, is_lost: false });
        PendingClaim { ticket, claims: self.clone(), is_received: false }
    }

    /// The tickets of a process's lost claims.
    pub(crate) fn lost(&self, process: ProcessId) -> Vec<i64> {
        let state = self.lock();
        let lost = state.claims.iter().filter(|claim| claim.is_lost && claim.process == process);
        lost.map(|claim| claim.ticket).collect()
    }

    /// Removes claims that have no jobs on the server any more, or whose result was received.
    pub(crate) fn remove(&self, tickets: &[i64]) {
        self.lock().claims.retain(|claim| !tickets.contains(&claim.ticket));
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Held by the call that waits for the result of a claim. If it is dropped before [`received`](Self::received), the
/// claim is lost.
#[derive(Debug)]
pub(crate) struct PendingClaim {
    pub(crate) ticket: i64,
    claims: PendingClaims,
    is_received: bool,
}

impl PendingClaim {
    pub(crate) fn received(mut self) {
        self.is_received = true;
    }
}

impl Drop for PendingClaim {
    fn drop(&mut self) {
        if self.is_received {
            return self.claims.remove(&[self.ticket]);
        }
        for claim in &mut self.claims.lock().claims {
            claim.is_lost |= claim.ticket == self.ticket;
        }
    }
}
