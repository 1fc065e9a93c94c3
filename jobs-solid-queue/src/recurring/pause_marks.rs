//! That a task of Ruby is paused, where a scheduler of Ruby does not overwrite it: each start writes the rows of its tasks anew.

use std::collections::HashSet;

use jobs_core::{Error, Timestamp};
use jobs_sql::Transaction;

use crate::SolidQueueStore;
use crate::marks::{MarkTimes, PAUSED_TASK};

/// When such a mark expires, so that no maintenance deletes it: the last day of the year 9999.
const NEVER: Timestamp = Timestamp::from_micros(253_402_214_400_000_000);

impl SolidQueueStore {
    /// The keys of the tasks of Ruby that are paused.
    pub(super) async fn paused_tasks(&self) -> Result<HashSet<String>, Error> {
        Ok(tasks(PAUSED_TASK.all(&self.queue, "read recurring tasks").await?))
    }

    /// The same as a transaction sees them.
    pub(super) async fn paused_tasks_in(transaction: &mut Transaction) -> Result<HashSet<String>, Error> {
        Ok(tasks(PAUSED_TASK.all_in(transaction).await?))
    }

    /// Writes whether a task of Ruby is paused.
    pub(super) async fn mark_paused(
        transaction: &mut Transaction,
        task: &str,
        paused: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        if paused {
            PAUSED_TASK.set(transaction, task, 0, MarkTimes { now, expires: NEVER }).await
        } else {
            PAUSED_TASK.remove(transaction, task).await
        }
    }
}

fn tasks(marks: Vec<(String, i64)>) -> HashSet<String> {
    marks.into_iter().map(|(task, _)| task).collect()
}
