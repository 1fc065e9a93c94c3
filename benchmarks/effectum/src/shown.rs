//! What the queue's file says, asked over a connection of its own.

use bench_protocol::{Outcome, Task};
use rusqlite::Connection;

/// A look into the file.
pub(super) struct Shown(Connection);

impl Shown {
    pub(super) fn open(task: &Task) -> Outcome<Self> {
        let connection = Connection::open(task.database())?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        Ok(Self(connection))
    }

    /// How many of the backlog neither wait nor run any more.
    pub(super) fn gone_of(&self, backlog: u64) -> Outcome<u64> {
        Ok(backlog.saturating_sub(self.count("active_jobs")?))
    }

    /// Checks that `finished` are finished and `waiting` are not, and that there is nothing else.
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

/// Switches the write-ahead log on; the file remembers it.
pub(super) fn use_log(task: &Task) -> Outcome<()> {
    let connection = Connection::open(task.database())?;
    connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    Ok(())
}
