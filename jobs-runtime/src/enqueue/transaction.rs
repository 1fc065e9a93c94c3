//! Enqueuing in a transaction of the caller's: the job is there if and only if that commits.

use jobs_core::transaction::{lend, within_blocking};
use jobs_core::{BlockingTransaction, Enqueued, Error, Job, Transaction};

use crate::enqueue::blocking_bridge::BlockingBridge;
use crate::enqueue::destination::Destination;
use crate::{AnyJob, Jobs, PerformLater};

impl<J: Job> PerformLater<J> {
    /// Stores the job in a transaction on the store's own database: it exists if and only if that commits, and no worker
    /// sees it before. Said last, and awaited.
    ///
    /// All is as without a transaction: options, callbacks, the queue's prefix, what travels with the job, limits. Only
    /// the event is another one, [`EnqueuedWithin`](jobs_core::Event::EnqueuedWithin), since nobody here learns whether
    /// the transaction commits. An after enqueue callback runs before it does.
    ///
    /// If it is not known whether a commit went through, as when the connection broke at that moment, do all of it once
    /// more with [`id`](Self::id) set to the id that was given.
    ///
    /// Not cancel safe: if it is dropped the transaction is to be rolled back.
    ///
    /// # Errors
    /// As [`Jobs::enqueue`]; also if the handle's store is not in the transaction's database. Roll the transaction back
    /// then: the job may be in it.
    pub async fn within<D>(self, transaction: &mut impl Transaction<D>) -> Result<Enqueued, Error> {
        let mut lent = lend(transaction);
        self.send(Destination::Within(&mut lent)).await
    }

    /// As [`within`](Self::within), in a transaction whose driver answers without waiting, such as `rusqlite`. Works in
    /// async functions too, as long as the transaction ends before the next `.await`.
    ///
    /// # Errors
    /// As there; also if a callback around the enqueue does not return at once but waits for something.
    pub fn within_blocking<D>(self, transaction: &impl BlockingTransaction<D>) -> Result<Enqueued, Error> {
        let jobs = self.handle()?;
        let within = within_blocking(&**jobs.store())?;
        let bridge = BlockingBridge::default();
        let sending = self.send(Destination::Blocking(&bridge));
        bridge.run(sending, |new| within.enqueue(transaction.connection(), new))
    }
}

impl Jobs {
    /// As [`perform_all_later`](Self::perform_all_later), in a transaction on the store's own database: all of the jobs
    /// exist if that commits, else none.
    ///
    /// Not cancel safe: if it is dropped the transaction is to be rolled back.
    ///
    /// # Errors
    /// As there; roll the transaction back then.
    pub async fn perform_all_later_within<T: Into<AnyJob>, D>(
        &self,
        transaction: &mut impl Transaction<D>,
        jobs: impl IntoIterator<Item = T, IntoIter: Send> + Send,
    ) -> Result<Vec<Enqueued>, Error> {
        let mut lent = lend(transaction);
        self.put_all(jobs, Destination::Within(&mut lent)).await
    }

    /// As [`perform_all_later_within`](Self::perform_all_later_within), in a transaction whose driver answers without
    /// waiting.
    ///
    /// # Errors
    /// As there.
    pub fn perform_all_later_within_blocking<T: Into<AnyJob>, D>(
        &self,
        transaction: &impl BlockingTransaction<D>,
        jobs: impl IntoIterator<Item = T, IntoIter: Send> + Send,
    ) -> Result<Vec<Enqueued>, Error> {
        let within = within_blocking(&**self.store())?;
        let bridge = BlockingBridge::default();
        let putting = self.put_all(jobs, Destination::Blocking(&bridge));
        bridge.run(putting, |new| within.enqueue(transaction.connection(), new))
    }
}
