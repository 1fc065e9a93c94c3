//! Claimed jobs go back to their queues.

use jobs_core::{Error, ProcessId};
use jobs_sql::Transaction;

use super::process_row::name_of;
use crate::SolidQueueStore;
use crate::lists;

const LOCK: &str = include_str!("../sql/settle/lock_claims.sql");
const DELETE_CLAIMS: &str = include_str!("../sql/settle/delete_claims.sql");
const MAKE_READY: &str = include_str!("../sql/settle/make_ready.sql");

impl SolidQueueStore {
    /// Releases those of these claims that this process holds, without an attempt counted. A limited job keeps its permit. Answers which
    /// were released.
    pub(crate) async fn release_claims(
        &self,
        transaction: &mut Transaction,
        process: ProcessId,
        claims: &[i64],
    ) -> Result<Vec<i64>, Error> {
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let mut locked = lists::query(transaction, LOCK, claims).await?;
        let name = name_of(process);
        locked.retain(|row| row.text_or_null(2) == Some(name.as_str()));
        let numbers = |column| locked.iter().map(|row| row.int(column)).collect::<Result<Vec<_>, _>>();
        let (held, rows) = (numbers(0)?, numbers(1)?);
        self.make_ready_again(transaction, &held, &rows).await?;
        Ok(held)
    }

    /// Ends locked claims, and makes their jobs ready at their old positions.
    pub(crate) async fn make_ready_again(
        &self,
        transaction: &mut Transaction,
        claims: &[i64],
        rows: &[i64],
    ) -> Result<(), Error> {
        lists::execute(transaction, DELETE_CLAIMS, &[], claims).await?;
        lists::execute(transaction, MAKE_READY, &[self.queue.now().into()], rows).await?;
        Ok(())
    }
}
