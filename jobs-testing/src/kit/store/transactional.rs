//! Transactions of the code under test. Their database is not the store of the test, so they count as committed: what
//! is enqueued within one is seen at once, and what is completed within one is complete.

use std::any::Any;

use jobs_core::{
    BlockingTransactional, Enqueued, Error, NewJob, Settled, Settlement, StoreFuture, Transaction, Transactional,
};

use crate::kit::store::immediate::at_once;
use crate::kit::store::test_store::TestStore;

/// A job is not performed before its transaction has ended, since it might wait for a lock of the transaction.
impl Transactional for TestStore {
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

impl BlockingTransactional for TestStore {
    fn enqueue(&self, _connection: &dyn Any, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        Ok(at_once(Box::pin(self.keep(jobs))))
    }

    fn settle(&self, _connection: &dyn Any, _settlement: &Settlement) -> Result<Settled, Error> {
        Ok(Settled::Applied)
    }
}
