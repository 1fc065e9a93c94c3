//! Checks the file of the store over a separate connection.

use bench_protocol::{Outcome, Task};
use rusqlite::{Connection, OpenFlags};

/// A separate connection to the file, for checks.
pub(super) struct Shown(Connection);

impl Shown {
    pub(super) fn open(task: &Task) -> Outcome<Self> {
        let connection = Connection::open_with_flags(task.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        Ok(Self(connection))
    }

    /// The number of jobs of the backlog that are done. The query is cheap when few are left.
    pub(super) fn gone_of(&self, backlog: u64) -> Outcome<u64> {
        let left = self.count("INDEXED BY jobs_ready WHERE state = 2")?
            + self.count("INDEXED BY jobs_claimed WHERE state = 3")?;
        Ok(backlog.saturating_sub(left))
    }

    /// The number of waiting jobs.
    pub(super) fn ready(&self) -> Outcome<u64> {
        self.count("INDEXED BY jobs_ready WHERE state = 2")
    }

    /// Checks that `finished` jobs are finished, `ready` jobs are ready, and that there are no others.
    pub(super) fn check(&self, finished: u64, ready: u64) -> Outcome<()> {
        let found = (self.count("WHERE state = 5")?, self.ready()?, self.count("")?);
        if found == (finished, ready, finished + ready) {
            return Ok(());
        }
        Err(format!("the store shows (finished, ready, all) = {found:?}, it should be {finished}, {ready}, their sum")
            .into())
    }

    fn count(&self, which: &str) -> Outcome<u64> {
        let count: i64 = self.0.query_row(&format!("SELECT count(*) FROM jobs {which}"), [], |row| row.get(0))?;
        Ok(u64::try_from(count)?)
    }
}
