//! What has changed among the ready jobs since they were read, by this store and by others.

use rusqlite::Row;

use crate::connection::change_watcher::data_version;
use crate::connection::write_tx::WriteTx;
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
    /// With what this transaction will add when it is closed.
    pub(crate) fn read(tx: &WriteTx<'_>) -> Result<Self> {
        let data_version = data_version(tx.connection())?;
        let (own_enqueued, own_returned) = tx.unwritten_changes();
        let read = |row: &Row<'_>| {
            let (enqueued, returned): (i64, i64) = (row.get(0)?, row.get(1)?);
            let last = row.get::<_, Option<i64>>(2)?.unwrap_or(0);
            let (enqueued, returned) = (enqueued.saturating_add(own_enqueued), returned.saturating_add(own_returned));
            Ok(Self { data_version, enqueued, returned, last })
        };
        Ok(tx.statement(OPEN_SEEN)?.query_row([], read)?)
    }

    /// This store has stored jobs, the last of them in this row.
    pub(crate) fn enqueued(&mut self, stored: usize, last: i64) {
        self.enqueued = self.enqueued.saturating_add(i64::try_from(stored).unwrap_or(i64::MAX));
        self.last = last;
    }

    /// Calls `each` with the queue and the priority of each job that others have enqueued. Returns `false` if something
    /// else has changed that may have made jobs ready.
    pub(crate) fn others_enqueued(&mut self, tx: &WriteTx<'_>, mut each: impl FnMut(&str, i64)) -> Result<bool> {
        if data_version(tx.connection())? == self.data_version {
            return Ok(true);
        }
        let now = Self::read(tx)?;
        let enqueued = now.enqueued.saturating_sub(self.enqueued);
        if now.returned != self.returned || enqueued < 0 {
            return Ok(false);
        }
        let mut found = 0;
        if enqueued > 0 {
            let mut statement = tx.statement(OPEN_ENQUEUED)?;
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

#[cfg(test)]
mod tests {
    use jobs_core::Timestamp;

    use super::*;
    use crate::connection::writer_memory::WriterMemory;

    #[test]
    fn what_a_transaction_has_not_yet_written_is_known_to_it() {
        let mut connection = rusqlite::Connection::open_in_memory().unwrap();
        crate::migrate::migrate(&mut connection).unwrap();
        let memory = WriterMemory::default();
        let tx = WriteTx::new(&connection, &memory, Timestamp::from_micros(0));
        tx.count(|tally| tally.enqueued += 3);
        tx.jobs_came_back();
        let within = OpenChanges::read(&tx).unwrap();
        tx.close().unwrap();
        let after = WriteTx::new(&connection, &memory, Timestamp::from_micros(0));
        let committed = OpenChanges::read(&after).unwrap();
        assert_eq!((within.enqueued, within.returned), (3, 1));
        assert_eq!((committed.enqueued, committed.returned), (3, 1));
    }
}
