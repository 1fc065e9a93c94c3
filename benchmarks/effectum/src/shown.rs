//! Checks the file of the queue over a separate connection.

use bench_protocol::{Outcome, Task};
use rusqlite::Connection;

/// A separate connection to the file, for checks.
pub(super) struct Shown(Connection);

impl Shown {
    pub(super) fn open(task: &Task) -> Outcome<Self> {
        let connection = Connection::open(task.database())?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        Ok(Self(connection))
    }

    /// The number of jobs of the backlog that are done.
    pub(super) fn gone_of(&self, backlog: u64) -> Outcome<u64> {
        Ok(backlog.saturating_sub(self.count("active_jobs")?))
    }

    /// Checks that `finished` jobs are finished, `waiting` jobs are not, and that there are no others.
    pub(super) fn check(&self, finished: u64, waiting: u64) -> Outcome<()> {
        let done = self.count("jobs WHERE status = 'succeeded' AND finished_at IS NOT NULL")?;
        let found = (done, self.count("active_jobs")?, self.count("jobs")?);
        if found == (finished, waiting, finished + waiting) {
            return Ok(());
        }
        Err(format!("the file shows (finished, active, all) = {found:?}, not {finished}, {waiting}, their sum").into())
    }

    fn count(&self, of: &str) -> Outcome<u64> {
        let count: i64 = self.0.query_row(&format!("SELECT count(*) FROM {of}"), [], |row| row.get(0))?;
        Ok(u64::try_from(count)?)
    }
}

/// Switches the write-ahead log on, which the file stores.
pub(super) fn use_log(task: &Task) -> Outcome<()> {
    let connection = Connection::open(task.database())?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    Ok(())
}
