//! The capability to enqueue jobs and to finish one in the caller's own transaction, on PostgreSQL.

use jobs_core::{Decision, Enqueued, Error, NewJob, Settled, Settlement, StoreFuture, Transaction, Transactional};

use crate::DelayedJobStore;
use crate::row::time_text;
use crate::work::claim_of;

const PRODUCT: &str = "PostgreSQL";

impl Transactional for DelayedJobStore {
    fn enqueue<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            check_product(transaction)?;
            let insert = self.core.statements.fill(include_str!("sql/transaction_insert.sql"));
            for row in self.core.new_rows(jobs)? {
                let values = [
                    row.priority.to_string(),
                    row.handler.clone(),
                    time_text(row.due),
                    row.queue.clone(),
                    time_text(row.now),
                ];
                transaction.run(&insert, &values.map(Some)).await?;
            }
            Ok(jobs.iter().map(|job| Enqueued::New(job.id)).collect())
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
            check_product(transaction)?;
            let write = match settlement.decision {
                Decision::Finish { .. } | Decision::Discard { .. } => include_str!("sql/transaction_delete.sql"),
                Decision::Release => include_str!("sql/transaction_release.sql"),
                _ => {
                    return Err(Error::unsupported(
                        "in a transaction a job of Delayed Job can be finished, discarded or released, and nothing else",
                    ));
                }
            };
            let (number, name_ends_with) = claim_of(&settlement.token);
            let row = [Some(number.to_string())];
            let held = self.core.statements.fill(include_str!("sql/transaction_held.sql"));
            let found = transaction.run(&held, &row).await?;
            if !found.first().is_some_and(|locked_by| locked_by.ends_with(&name_ends_with)) {
                return Ok(Settled::Stale);
            }
            transaction.run(&self.core.statements.fill(write), &row).await?;
            Ok(Settled::Applied)
        })
    }
}

fn check_product(transaction: &dyn Transaction) -> Result<(), Error> {
    let product = transaction.product();
    if product == PRODUCT {
        return Ok(());
    }
    Err(Error::invalid(format!("this client's store is on {PRODUCT}, and the transaction is on {product}")))
}
