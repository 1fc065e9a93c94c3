//! The capability to enqueue jobs and to finish one in the caller's own transaction, on PostgreSQL.

use std::slice::from_ref;

use jobs_core::{Decision, Enqueued, Error, NewJob, Settled, Settlement, StoreFuture, Transaction, Transactional};
use jobs_sql::{Lender, lend};

use crate::DelayedJobStore;
use crate::work::answers;

impl Transactional for DelayedJobStore {
    fn enqueue<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let (mut lent, lender) = self.lend("enqueue jobs within the transaction");
            let work = async {
                let rows = self.core.new_rows(jobs)?;
                self.core.insert_in(&mut lent, &rows).await
            };
            lender.serve(transaction, work).await?;
            Ok(answers(jobs))
        })
    }

    /// Only what ends a job without an error is written so: a job that fails is settled outside of the transaction, which is
    /// rolled back.
    fn settle<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled> {
        Box::pin(async move {
            let (mut lent, lender) = self.lend("settle a job within the transaction");
            let work = async {
                check_decision(&settlement.decision)?;
                self.core.settle_in(&mut lent, from_ref(settlement)).await
            };
            let settled = lender.serve(transaction, work).await?;
            Ok(settled.first().copied().unwrap_or(Settled::Stale))
        })
    }
}

impl DelayedJobStore {
    fn lend(&self, doing: &'static str) -> (jobs_sql::Transaction, Lender) {
        let (lent, lender) = lend(doing);
        (lent, lender.in_utc(self.core.limits.has_zoned_times))
    }
}

fn check_decision(decision: &Decision) -> Result<(), Error> {
    match decision {
        Decision::Finish { .. } | Decision::Discard { .. } | Decision::Release => Ok(()),
        _ => Err(Error::unsupported(
            "in a transaction a job of Delayed Job can be finished, discarded or released, and nothing else",
        )),
    }
}
