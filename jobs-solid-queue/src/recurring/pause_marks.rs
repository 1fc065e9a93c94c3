//! That a task of Ruby is paused, where a scheduler of Ruby does not overwrite it: each start writes the rows of its tasks anew.

use std::collections::HashSet;

use jobs_core::{Error, Timestamp};
use jobs_sql::{SqlRow, Transaction};

use crate::SolidQueueStore;

const PAUSES: &str = include_str!("../sql/recurring/pauses.sql");
const PAUSE: &str = include_str!("../sql/recurring/pause.sql");
const RESUME: &str = include_str!("../sql/recurring/resume.sql");

/// The mark is a semaphore with this before the key of the task. No class of Ruby has such a name.
const PREFIX: &str = "jobs-rs/paused-task/";

/// When it expires, so that no maintenance deletes it: the last day of the year 9999.
const NEVER: Timestamp = Timestamp::from_micros(253_402_214_400_000_000);

fn mark(task: &str) -> String {
    format!("{PREFIX}{task}")
}

impl SolidQueueStore {
    /// The keys of the tasks of Ruby that are paused.
    pub(super) async fn paused_tasks(&self) -> Result<HashSet<String>, Error> {
        Ok(tasks(&self.queue.query(PAUSES, &[mark("%").into()], "read recurring tasks").await?))
    }

    /// The same as a transaction sees them.
    pub(super) async fn paused_tasks_in(transaction: &mut Transaction) -> Result<HashSet<String>, Error> {
        Ok(tasks(&transaction.query(PAUSES, &[mark("%").into()]).await?))
    }

    /// Writes whether a task of Ruby is paused.
    pub(super) async fn mark_paused(
        transaction: &mut Transaction,
        task: &str,
        paused: bool,
        now: Timestamp,
    ) -> Result<(), Error> {
        let mark = mark(task);
        if paused {
            transaction.execute(PAUSE, &[mark.into(), NEVER.into(), now.into(), now.into()]).await?;
        } else {
            transaction.execute(RESUME, &[mark.into()]).await?;
        }
        Ok(())
    }
}

fn tasks(rows: &[SqlRow]) -> HashSet<String> {
    let marks = rows.iter().filter_map(|row| row.text_or_null(0));
    marks.filter_map(|mark| mark.strip_prefix(PREFIX).map(str::to_owned)).collect()
}
