//! The capability to enqueue jobs and to settle one in the caller's own transaction, on PostgreSQL.

use jobs_core::{Enqueued, Error, NewJob, Settled, Settlement, StoreFuture, Transaction, Transactional};
use jobs_sql::{Lender, lend};

use crate::SolidQueueStore;

const PLACE: &str = include_str!("sql/process/place.sql");

impl Transactional for SolidQueueStore {
    fn enqueue<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        jobs: &'a [NewJob],
    ) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            let (mut lent, lender) = self.lend("enqueue jobs within the transaction");
            let work = async {
                self.check_place(&mut lent).await?;
                self.store_new(&mut lent, jobs).await
            };
            lender.serve(transaction, work).await
        })
    }

    /// A limited job gives its permit back in the transaction too, which holds the row of the permit until its end.
    fn settle<'a>(
        &'a self,
        transaction: &'a mut dyn Transaction,
        settlement: &'a Settlement,
    ) -> StoreFuture<'a, Settled> {
        Box::pin(async move {
            let (mut lent, lender) = self.lend("settle a job within the transaction");
            let work = async {
                self.check_place(&mut lent).await?;
                self.settle_in(&mut lent, std::slice::from_ref(settlement)).await
            };
            let settled = lender.serve(transaction, work).await?;
            Ok(settled.first().copied().unwrap_or(Settled::Stale))
        })
    }
}

impl SolidQueueStore {
    fn lend(&self, doing: &'static str) -> (jobs_sql::Transaction, Lender) {
        let (lent, lender) = lend(doing);
        (lent, lender.in_utc(self.has_zoned_times))
    }

    /// Refuses a transaction that sees other tables than the store.
    async fn check_place(&self, lent: &mut jobs_sql::Transaction) -> Result<(), Error> {
        let ours = self.queue.query(PLACE, &[], "find the tables of Solid Queue").await?;
        let theirs = lent.query(PLACE, &[]).await?;
        let place = |rows: &[jobs_sql::SqlRow]| rows.first().and_then(|row| row.text_or_null(0).map(str::to_owned));
        if place(&ours) == place(&theirs) {
            return Ok(());
        }
        Err(Error::invalid(
            "the transaction sees other tables than this client's store: it is on another database or has another \
             `search_path`. Roll it back; then use a client on the transaction's database, or gather the jobs with \
             `client.after_commit()` and enqueue them after the commit",
        ))
    }
}
