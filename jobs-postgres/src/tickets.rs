//! Claims whose answers are not here yet. What a claim took whose answer is lost, or that nobody awaits any more, is
//! held by nobody: the next claim of its process gives it back first.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jobs_core::ProcessId;

/// The tickets of one store. Each claim has one; the jobs that it took bear its number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tickets(Arc<Mutex<Open>>);

#[derive(Debug, Default)]
struct Open {
    last: i64,
    claims: Vec<Claiming>,
}

/// A claim that was sent, or is about to be.
#[derive(Debug)]
struct Claiming {
    process: ProcessId,
    number: i64,
    /// Nobody will hear its answer.
    is_lost: bool,
}

impl Tickets {
    /// The ticket of a claim that is now to be sent. Later claims have higher numbers.
    pub(crate) fn draw(&self, process: ProcessId) -> Ticket {
        let mut open = self.open();
        open.last += 1;
        let number = open.last;
        open.claims.push(Claiming { process, number, is_lost: false });
        Ticket { number, tickets: self.clone(), is_heard: false }
    }

    /// The numbers of a process's claims that are lost.
    pub(crate) fn lost(&self, process: ProcessId) -> Vec<i64> {
        let open = self.open();
        open.claims.iter().filter(|claim| claim.is_lost && claim.process == process).map(|claim| claim.number).collect()
    }

    /// Says that what these claims took was given back.
    pub(crate) fn returned(&self, numbers: &[i64]) {
        self.open().claims.retain(|claim| !numbers.contains(&claim.number));
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Kept by whoever awaits the answer of a claim. Dropped without it, the claim is lost.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) number: i64,
    tickets: Tickets,
    is_heard: bool,
}

impl Ticket {
    /// The answer is here.
    pub(crate) fn heard(mut self) {
        self.is_heard = true;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.is_heard {
            return self.tickets.returned(&[self.number]);
        }
        for claim in &mut self.tickets.open().claims {
            claim.is_lost |= claim.number == self.number;
        }
    }
}
