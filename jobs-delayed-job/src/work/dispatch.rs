//! Jobs that are due become ready.

use jobs_core::{Dispatched, Error, Timestamp};
use jobs_sql::repeat_deadlocked;

use crate::store::StoreCore;

impl StoreCore {
    pub(crate) async fn dispatch_due(&self, limit: usize) -> Result<Dispatched, Error> {
        let (mut ready, mut next) = (0, self.next_due().await?);
        // What is next is found by reading the table, so it is done once if nothing is due.
        if limit > 0 && next.is_some_and(|due| due <= self.clock.now()) {
            ready = repeat_deadlocked(|| Box::pin(self.make_ready(limit))).await?;
            next = self.next_due().await?;
        }
        let now = self.clock.now();
        Ok(Dispatched::new(ready, next.map(|due| due.duration_since(now))))
    }

    /// When the next job is due that has not been made ready.
    pub(crate) async fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        let rows = self.read(include_str!("../sql/next_due.sql"), &[], "dispatch jobs").await?;
        Ok(rows.first().and_then(|row| row.time_or_null(0)))
    }

    async fn make_ready(&self, limit: usize) -> Result<usize, Error> {
        let _in_order = self.writing.lock().await;
        let now = self.statements.time(self.clock.now());
        let mut transaction = self.database.begin("dispatch jobs").await?;
        let find = self.statements.fill(include_str!("../sql/dispatch_due.sql"));
        let due = transaction.query(&find, &[now.clone(), limit.into()]).await?;
        let rows = due.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        self.execute_for(&mut transaction, include_str!("../sql/dispatch.sql"), &[now], &rows).await?;
        transaction.commit().await?;
        Ok(rows.len())
    }
}
