//! Transactions of the code under test. Its database is not the one where a test keeps its jobs, so they are taken to
//! commit: what is enqueued within one is seen at once, and what is completed within one is complete.

use std::any::Any;

use jobs_core::{Enqueued, Error, NewJob, Settled, Settlement, StoreFuture, Transaction, Within, WithinBlocking};

use crate::kit::store::immediate::at_once;
use crate::kit::store::test_store::TestStore;

/// A job is not performed before its transaction has ended, for it might wait for what the transaction holds.
impl Within for TestStore {
    fn enqueue<'a>(
        &'a self,
        _transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(self.keep(jobs))
    }

    fn settle<'a>(
        &'a self,
        _transaction: &'a mut dyn Transaction,
        _settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled> {
        Box::pin(std::future::ready(Ok(Settled::Applied)))
    }
}

impl WithinBlocking for TestStore {
    fn enqueue(&self, _connection: &dyn Any, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        Ok(at_once(Box::pin(self.keep(jobs))))
    }

    fn settle(&self, _connection: &dyn Any, _settlement: &Settlement) -> Result<Settled, Error> {
        Ok(Settled::Applied)
    }
}
