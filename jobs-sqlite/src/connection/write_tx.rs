//! One transaction of the writer, as an operation sees it.

use std::cell::Cell;

use jobs_core::Timestamp;
use rusqlite::{CachedStatement, Connection, Params};

use super::writer_memory::WriterMemory;
use crate::error::{Result, refused_row};
use crate::statements::{CHANGE_COUNT_RAISE, FINISHED_ADD};

/// One write transaction: a connection, a time, and what is written once before the commit.
pub(crate) struct WriteTx<'c> {
    connection: &'c Connection,
    /// The current time, read once for the whole transaction.
    pub(crate) now: Timestamp,
    pub(crate) memory: &'c WriterMemory,
    notifies: Cell<bool>,
    returned: Cell<bool>,
    tally: Cell<Tally>,
}

/// What a transaction adds to the stored totals. Each total is written once per transaction, not once per job.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Finished jobs that are kept; negative if more of them were removed.
    pub(crate) kept: i64,
    pub(crate) enqueued: i64,
    pub(crate) finished: i64,
    pub(crate) discarded: i64,
    pub(crate) errors: i64,
}

impl<'c> WriteTx<'c> {
    pub(crate) fn new(connection: &'c Connection, memory: &'c WriterMemory, now: Timestamp) -> Self {
        let (notifies, returned) = (Cell::new(false), Cell::new(false));
        Self { connection, now, memory, notifies, returned, tally: Cell::default() }
    }

    /// A statement, compiled once for the connection.
    pub(crate) fn statement(&self, sql: &str) -> Result<CachedStatement<'c>> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) fn execute(&self, sql: &str, params: impl Params) -> Result<usize> {
        Ok(self.statement(sql)?.execute(params)?)
    }

    /// Runs a statement on rows that the database may refuse: the inner error, after which the transaction goes on.
    pub(crate) fn execute_refusable(&self, sql: &str, params: impl Params) -> Result<Result<usize>> {
        refused_row(self.execute(sql, params), !self.connection.is_autocommit())
    }

    /// Runs `work` on rows that the database may refuse: the inner error, after which nothing of `work` is done and the
    /// transaction goes on.
    pub(crate) fn refusable<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<Result<T>> {
        let tally = self.tally.get();
        self.execute("SAVEPOINT refusable", [])?;
        let done = refused_row(work(), !self.connection.is_autocommit())?;
        if done.is_err() {
            self.tally.set(tally);
            self.execute("ROLLBACK TO refusable", [])?;
        }
        self.execute("RELEASE refusable", [])?;
        Ok(done)
    }

    /// Jobs became ready or scheduled: listeners are notified after the commit.
    pub(crate) fn notify_after_commit(&self) {
        self.notifies.set(true);
    }

    /// Jobs became ready other than by their enqueue: as `notify_after_commit`, and what is remembered of the ready jobs is
    /// forgotten, here and by the other processes.
    pub(crate) fn jobs_came_back(&self) {
        self.notify_after_commit();
        self.returned.set(true);
        self.memory.open_queues.forget();
    }

    pub(crate) const fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// The row of the last job that was stored.
    pub(crate) fn last_row(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// Counts what happened.
    pub(crate) fn count(&self, add: impl FnOnce(&mut Tally)) {
        let mut tally = self.tally.get();
        add(&mut tally);
        self.tally.set(tally);
    }

    /// What `close` will add to the stored number of enqueued jobs, and of transactions that brought jobs back.
    pub(crate) fn unwritten_changes(&self) -> (i64, i64) {
        (self.tally.get().enqueued, i64::from(self.returned.get()))
    }

    /// Writes the totals before the commit. Returns the new value of the change counter if listeners are to be
    /// notified.
    pub(crate) fn close(&self) -> rusqlite::Result<Option<i64>> {
        let Tally { kept, finished, discarded, errors, .. } = self.tally.get();
        if [kept, finished, discarded, errors] != [0; 4] {
            self.connection.prepare_cached(FINISHED_ADD)?.execute([kept, finished, discarded, errors])?;
        }
        // An enqueue always notifies, so the statement that raises the counter also adds the enqueued jobs.
        let values: [i64; 2] = self.unwritten_changes().into();
        let raise = || self.connection.prepare_cached(CHANGE_COUNT_RAISE)?.query_row(values, |row| row.get(0));
        self.notifies.get().then(raise).transpose()
    }
}
