//! What has changed among the ready jobs since they were read, by this store and by others.

use rusqlite::{Connection, Row};

use crate::connection::change_watcher::data_version;
use crate::error::Result;
use crate::statements::{OPEN_ENQUEUED, OPEN_SEEN};

/// How far the changes of the file are known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenChanges {
    data_version: i64,
    /// How many jobs were ever enqueued.
    enqueued: i64,
    /// How many transactions made jobs ready other than by their enqueue.
    returned: i64,
    /// The last row.
    last: i64,
}

impl OpenChanges {
    pub(crate) fn read(connection: &Connection) -> Result<Self> {
        let data_version = data_version(connection)?;
        let mut statement = connection.prepare_cached(OPEN_SEEN)?;
        let read = |row: &Row<'_>| {
            let last = row.get::<_, Option<i64>>(2)?.unwrap_or(0);
            Ok(Self { data_version, enqueued: row.get(0)?, returned: row.get(1)?, last })
        };
        Ok(statement.query_row([], read)?)
    }

    /// This store has stored jobs, the last of them in this row.
    pub(crate) fn enqueued(&mut self, stored: usize, last: i64) {
        self.enqueued = self.enqueued.saturating_add(i64::try_from(stored).unwrap_or(i64::MAX));
        self.last = last;
    }

    /// Calls `each` with the queue and the priority of each job that others have enqueued. Returns `false` if something
    /// else has changed that may have made jobs ready.
    pub(crate) fn others_enqueued(&mut self, connection: &Connection, mut each: impl FnMut(&str, i64)) -> Result<bool> {
        if data_version(connection)? == self.data_version {
            return Ok(true);
        }
        let now = Self::read(connection)?;
        let enqueued = now.enqueued.saturating_sub(self.enqueued);
        if now.returned != self.returned || enqueued < 0 {
            return Ok(false);
        }
        let mut found = 0;
        if enqueued > 0 {
            let mut statement = connection.prepare_cached(OPEN_ENQUEUED)?;
            let mut rows = statement.query([self.last, enqueued.saturating_add(1)])?;
            while let Some(row) = rows.next()? {
                each(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?, row.get(2)?);
                found += 1;
            }
        }
        *self = now;
        // If some of them have been removed already, rows may have been used again.
        Ok(found == enqueued)
    }
}
