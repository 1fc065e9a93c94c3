//! One transaction of the writer, as an operation sees it.

use std::cell::Cell;

use jobs_core::Timestamp;
use rusqlite::{CachedStatement, Connection, Params};

use crate::error::Result;
use crate::places::Places;
use crate::statements::{FINISHED_ADD, WAKE};

/// One transaction: a connection, a time, and whether other workers have a reason to look.
pub(crate) struct Turn<'c> {
    connection: &'c Connection,
    /// The present time: one reading for the whole transaction.
    pub(crate) now: Timestamp,
    pub(crate) places: &'c Places,
    woke: Cell<bool>,
    finished: Cell<i64>,
}

impl<'c> Turn<'c> {
    pub(crate) fn new(connection: &'c Connection, places: &'c Places, now: Timestamp) -> Self {
        Self { connection, now, places, woke: Cell::new(false), finished: Cell::new(0) }
    }

    /// A statement, compiled once for the connection.
    pub(crate) fn statement(&self, sql: &str) -> Result<CachedStatement<'c>> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// Runs a statement; how many rows it touched.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.statement(sql)?.execute(params)?)
    }

    /// Jobs became ready or scheduled: whoever listens is told after the commit.
    pub(crate) fn wake(&self) {
        self.woke.set(true);
    }

    /// Notes that so many jobs became finished, or fewer are: once for the whole transaction that is written.
    pub(crate) fn count_finished(&self, more: i64) {
        self.finished.set(self.finished.get() + more);
    }

    /// Writes what is written once for the whole transaction, before it is committed. The new count of wake-ups, if
    /// there was a reason for one.
    pub(crate) fn close(&self) -> rusqlite::Result<Option<i64>> {
        if self.finished.get() != 0 {
            self.connection.prepare_cached(FINISHED_ADD)?.execute([self.finished.get()])?;
        }
        let bump = || self.connection.prepare_cached(WAKE)?.query_row([], |row| row.get(0));
        self.woke.get().then(bump).transpose()
    }
}

/// A count of rows as a number of jobs.
pub(crate) fn number(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
