//! Where jobs are put: into the store at once, or into it by way of a transaction of the caller's.

use jobs_core::transaction::within;
use jobs_core::{Enqueued, NewJob, Store, StoreFuture, Transaction};

use crate::enqueue::blocking_bridge::BlockingBridge;
use crate::maintenance::tick::TickRequest;

/// Where jobs are put.
pub(crate) enum Destination<'a> {
    /// The store itself.
    Store,
    /// A transaction on the store's database.
    Within(&'a mut (dyn Transaction + 'a)),
    /// One that the caller holds while it polls.
    Blocking(&'a BlockingBridge),
    /// The store, if this tick is still to be had.
    Tick(&'a TickRequest),
}

impl Destination<'_> {
    /// Puts all the jobs there, or none.
    pub(crate) fn put<'a>(&'a mut self, store: &'a dyn Store, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        match self {
            Self::Store => store.enqueue(jobs),
            Self::Blocking(bridge) => bridge.send(jobs),
            Self::Tick(asked) => asked.send(store, jobs),
            Self::Within(transaction) => match within(store) {
                Ok(within) => within.enqueue(&mut **transaction, jobs),
                Err(error) => Box::pin(std::future::ready(Err(error))),
            },
        }
    }

    /// Whether what was put there may still come to nothing.
    pub(crate) const fn is_uncertain(&self) -> bool {
        !matches!(self, Self::Store | Self::Tick(_))
    }
}
