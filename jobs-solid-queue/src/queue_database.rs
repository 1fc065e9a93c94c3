//! The database of Solid Queue as the calls of the store use it: its connections, its clock and the options.

use std::fmt;

use jobs_core::{Error, StoreClock, Timestamp};
use jobs_sql::{Database, Dialect, SqlRow, SqlValue, Transaction};

use crate::SolidQueueOptions;

/// The database of Solid Queue: its connections, the clock of its server, and the options of the store.
pub(crate) struct QueueDatabase {
    pub(crate) database: Database,
    pub(crate) clock: StoreClock,
    pub(crate) options: SolidQueueOptions,
}

impl QueueDatabase {
    /// Connects, and reads the clock of the server.
    pub(crate) async fn open(options: SolidQueueOptions) -> Result<Self, Error> {
        let database = Database::open(&options.url).await?;
        let opened = Self { database, clock: StoreClock::new(options.clock.clone()), options };
        opened.read_clock(&opened.clock).await?;
        Ok(opened)
    }

    /// Sets a clock by the time of the server. A file has the clock of this machine.
    pub(crate) async fn read_clock(&self, clock: &StoreClock) -> Result<(), Error> {
        if self.options.clock.is_none() && self.dialect() != Dialect::Sqlite {
            clock.measured(self.database.server_time().await?);
        }
        Ok(())
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    /// Begins a transaction that writes. See [`Database::begin`].
    pub(crate) async fn begin(&self, doing: &'static str) -> Result<Transaction, Error> {
        self.database.begin(doing).await
    }

    /// The rows of a query that writes nothing. See [`Database::query`].
    pub(crate) async fn query(
        &self,
        statement: &str,
        values: &[SqlValue],
        doing: &'static str,
    ) -> Result<Vec<SqlRow>, Error> {
        self.database.query(statement, values, doing).await
    }
}

impl fmt::Debug for QueueDatabase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QueueDatabase").field("database", &self.database).finish_non_exhaustive()
    }
}
