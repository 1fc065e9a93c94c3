//! The capability to enqueue and settle in a transaction of the caller.

use jobs_core::{Enqueued, Error, NewJob, Settled, Settlement, StoreFuture, Transaction, Transactional};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::drivers::PRODUCT;
use crate::PostgresStore;
use crate::codec::parameter::texts;
use crate::enqueue::new_jobs::NewJobColumns;
use crate::enqueue::unique_keys::{KeyRequest, key_requests, split_duplicates};
use crate::work::settlement_columns::SettlementColumns;

/// A row of `settle`.
#[derive(Deserialize)]
struct SettledRow {
    written: Vec<i32>,
}

impl Transactional for PostgresStore {
    fn enqueue<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            check_product(transaction.product())?;
            jobs.iter().try_for_each(NewJob::check)?;
            if jobs.is_empty() {
                return Ok(Vec::new());
            }
            let (columns, portable, now) = (NewJobColumns::of(jobs.iter()), &self.portable, self.now());
            let keys = key_requests(jobs.iter());
            let requests: Vec<KeyRequest> = keys.values().cloned().collect();
            let outcomes = portable.take_keys(transaction, &requests, now).await?;
            let (ids, duplicates) = split_duplicates(&columns.ids, &keys, &outcomes);
            let parameters = texts(&columns.parameters(&ids, &now));
            portable.query::<IgnoredAny>(transaction, &portable.enqueue, &parameters).await?;
            transaction.run(&portable.enqueue_undo_done, &texts(&[&ids])).await?;
            let duplicate = |index| duplicates.get(&index).map(|of| Enqueued::Duplicate { of: *of });
            Ok(jobs.iter().enumerate().map(|(index, job)| duplicate(index).unwrap_or(Enqueued::New(job.id))).collect())
        })
    }

    fn settle<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled> {
        Box::pin(async move {
            check_product(transaction.product())?;
            let mut columns = SettlementColumns::new(self.encoding);
            columns.push(settlement).map_err(|error| error.into_error("settle"))?;
            let parameters = texts(&columns.parameters(&self.now()));
            let rows: Vec<SettledRow> = self.portable.query(transaction, &self.portable.settle, &parameters).await?;
            let is_applied = rows.iter().any(|row| !row.written.is_empty());
            Ok(if is_applied { Settled::Applied } else { Settled::Stale })
        })
    }
}

fn check_product(product: &str) -> Result<(), Error> {
    if product == PRODUCT {
        return Ok(());
    }
    Err(Error::invalid(format!(
        "the transaction is on {product} and the jobs of this client are on {PRODUCT}: use a client on the transaction's \
         database, or gather the jobs with `client.after_commit()` and enqueue them after the commit"
    )))
}
