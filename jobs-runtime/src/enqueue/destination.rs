//! Where jobs are stored: in the store directly, through a transaction of the caller, or as a tick of a recurring task.

use jobs_core::transaction::within;
use jobs_core::{Enqueued, Error, NewJob, TickOutcome, Transaction};

use crate::checked_store::{CheckedStore, same_length, without_panics};
use crate::enqueue::blocking_bridge::BlockingBridge;
use crate::maintenance::tick_batcher::TickRequest;

/// Where jobs are stored.
pub(crate) enum Destination<'a> {
    /// The store itself.
    Store,
    /// A transaction on the store's database.
    Transaction(&'a mut (dyn Transaction + 'a)),
    /// A blocking transaction, which the caller holds while it polls.
    Blocking(&'a BlockingBridge),
}

impl Destination<'_> {
    /// Stores all the jobs or none. One answer for each.
    pub(crate) async fn store(&mut self, store: &CheckedStore, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        let answers = match self {
            Self::Store => return store.enqueue(jobs).await,
            Self::Blocking(bridge) => bridge.send(jobs).await?,
            Self::Transaction(transaction) => {
                let within = within(&**store.inner())?;
                without_panics(ENQUEUE, || within.enqueue(&mut **transaction, jobs)).await?
            }
        };
        same_length(ENQUEUE, jobs.len(), answers)
    }

    /// Whether the caller's transaction may still be rolled back.
    pub(crate) const fn is_uncertain(&self) -> bool {
        !matches!(self, Self::Store)
    }
}

const ENQUEUE: &str = "enqueue in a transaction";

/// Where one job is stored.
pub(crate) enum Target<'a> {
    Destination(Destination<'a>),
    /// The store, if the tick of this recurring task is not taken yet.
    Tick(TickRequest<'a>),
}

/// What became of one enqueue.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum EnqueueOutcome {
    /// The store has the job, or another job with its key.
    Stored(Enqueued),
    /// A callback stopped the enqueue.
    Halted,
    /// The tick was not to be had, so the job was not stored.
    TickRefused(TickOutcome),
}

impl EnqueueOutcome {
    /// The answer for the caller, who is not interested in ticks.
    pub(crate) fn enqueued(self) -> Enqueued {
        match self {
            Self::Stored(enqueued) => enqueued,
            Self::Halted | Self::TickRefused(_) => Enqueued::Halted,
        }
    }
}

impl Target<'_> {
    /// Stores the job.
    pub(crate) async fn store(&mut self, store: &CheckedStore, job: &NewJob) -> Result<EnqueueOutcome, Error> {
        match self {
            Self::Tick(request) => Ok(match request.take(job).await? {
                TickOutcome::Enqueued(enqueued) => EnqueueOutcome::Stored(enqueued),
                refused => EnqueueOutcome::TickRefused(refused),
            }),
            Self::Destination(destination) => {
                let answers = destination.store(store, std::slice::from_ref(job)).await?;
                let answer = answers.into_iter().next().ok_or_else(|| Error::other("the store gave no answer"))?;
                Ok(EnqueueOutcome::Stored(answer))
            }
        }
    }

    /// Whether the caller's transaction may still be rolled back.
    pub(crate) const fn is_uncertain(&self) -> bool {
        matches!(self, Self::Destination(destination) if destination.is_uncertain())
    }
}
