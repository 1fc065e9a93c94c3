//! What the store's file says, asked over a connection of its own.

use bench_protocol::{Outcome, Task};
use rusqlite::{Connection, OpenFlags};

/// A look into the file.
pub(super) struct Shown(Connection);

impl Shown {
    pub(super) fn open(task: &Task) -> Outcome<Self> {
        let connection = Connection::open_with_flags(task.database(), OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        connection.busy_timeout(std::time::Duration::from_secs(5))?;
        Ok(Self(connection))
    }

    /// How many of the backlog neither wait nor run any more. Cheap when few are left.
    pub(super) fn gone_of(&self, backlog: u64) -> Outcome<u64> {
        let left = self.count("INDEXED BY jobs_ready WHERE state = 2")?
            + self.count("INDEXED BY jobs_claimed WHERE state = 3")?;
        Ok(backlog.saturating_sub(left))
    }

    /// How many jobs wait to be run.
    pub(super) fn ready(&self) -> Outcome<u64> {
        self.count("INDEXED BY jobs_ready WHERE state = 2")
    }

    /// Checks that `finished` are finished and `ready` wait, and that there is nothing else.
    pub(super) fn check(&self, keeps: bool, finished: u64, ready: u64) -> Outcome<()> {
        let found = (self.count("WHERE state = 5")?, self.ready()?, self.count("")?);
        let kept = if keeps { finished } else { 0 };
        if found == (kept, ready, kept + ready) {
            return Ok(());
        }
        Err(format!("the store shows (finished, ready, all) = {found:?}, it should be {kept}, {ready}, their sum")
            .into())
    }

    fn count(&self, which: &str) -> Outcome<u64> {
        let count: i64 = self.0.query_row(&format!("SELECT count(*) FROM jobs {which}"), [], |row| row.get(0))?;
        Ok(u64::try_from(count)?)
    }
}
