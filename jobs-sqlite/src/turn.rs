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
    tally: Cell<Tally>,
}

/// What a transaction adds to the numbers that are kept, each written once.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Finished jobs that are kept, fewer if they are forgotten.
    pub(crate) kept: i64,
    pub(crate) enqueued: i64,
    pub(crate) finished: i64,
    pub(crate) discarded: i64,
    pub(crate) errors: i64,
}

impl<'c> Turn<'c> {
    pub(crate) fn new(connection: &'c Connection, places: &'c Places, now: Timestamp) -> Self {
        Self { connection, now, places, woke: Cell::new(false), tally: Cell::default() }
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

    /// Counts what happened.
    pub(crate) fn count(&self, add: impl FnOnce(&mut Tally)) {
        let mut tally = self.tally.get();
        add(&mut tally);
        self.tally.set(tally);
    }

    /// Writes what is written once for the whole transaction, before it is committed. The new count of wake-ups, if
    /// there was a reason for one.
    pub(crate) fn close(&self) -> rusqlite::Result<Option<i64>> {
        let Tally { kept, enqueued, finished, discarded, errors } = self.tally.get();
        if [kept, finished, discarded, errors] != [0; 4] {
            self.connection.prepare_cached(FINISHED_ADD)?.execute([kept, finished, discarded, errors])?;
        }
        // What is enqueued is always a reason.
        let bump = || self.connection.prepare_cached(WAKE)?.query_row([enqueued], |row| row.get(0));
        self.woke.get().then(bump).transpose()
    }
}

/// A count of rows as a number of jobs.
pub(crate) fn number(rows: usize) -> u64 {
    u64::try_from(rows).unwrap_or(u64::MAX)
}
