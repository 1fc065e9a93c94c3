//! One transaction of the writer, as an operation sees it.

use std::cell::Cell;

use jobs_core::Timestamp;
use rusqlite::{CachedStatement, Connection, Params};

use crate::error::Result;
use crate::places::Places;

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

    pub(crate) fn woke(&self) -> bool {
        self.woke.get()
    }

    /// Notes that so many jobs became finished, or fewer are: once for the whole transaction that is written.
    pub(crate) fn count_finished(&self, more: i64) {
        self.finished.set(self.finished.get() + more);
    }

    pub(crate) fn finished(&self) -> i64 {
        self.finished.get()
    }
}

/// A count of rows as a number of jobs.
pub(crate) fn number(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
