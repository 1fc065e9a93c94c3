//! Enqueues and settles in a transaction of the caller, on the caller's connection to the same file.

use std::any::Any;
use std::path::Path;

use jobs_core::{BlockingTransaction, BlockingTransactional, Enqueued, Error, NewJob, Settled, Settlement};
use rusqlite::{Connection, Savepoint, Transaction};

use crate::SqliteStore;
use crate::connection::write_tx::WriteTx;
use crate::connection::writer_memory::WriterMemory;
use crate::enqueue::insert;
use crate::error::Result;
use crate::work::settle;

/// Marks the implementations of [`BlockingTransaction`] for `rusqlite` as those of this crate.
#[derive(Debug)]
pub enum Driver {}

impl BlockingTransaction<Driver> for Transaction<'_> {
    fn connection(&self) -> &dyn Any {
        &**self
    }
}

impl BlockingTransaction<Driver> for Savepoint<'_> {
    fn connection(&self) -> &dyn Any {
        &**self
    }
}

/// A connection with an open transaction. A connection without one is refused.
impl BlockingTransaction<Driver> for Connection {
    fn connection(&self) -> &dyn Any {
        self
    }
}

impl BlockingTransactional for SqliteStore {
    fn enqueue(&self, connection: &dyn Any, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        self.in_caller_tx("enqueue", connection, |tx| insert::enqueue(tx, jobs, self.max_size))
    }

    fn settle(&self, connection: &dyn Any, settlement: &Settlement) -> Result<Settled, Error> {
        let settled =
            self.in_caller_tx("settle", connection, |tx| settle::settle(tx, std::slice::from_ref(settlement)))?;
        settled
            .into_iter()
            .next()
            .ok_or_else(|| Error::other("the store did not say whether the settlement was applied"))
    }
}

impl SqliteStore {
    /// Runs an operation of the writer in a transaction of the caller.
    fn in_caller_tx<T>(
        &self,
        what: &str,
        connection: &dyn Any,
        work: impl FnOnce(&WriteTx<'_>) -> Result<T>,
    ) -> Result<T, Error> {
        let connection = connection.downcast_ref().ok_or_else(unknown)?;
        self.check(connection)?;
        let memory = WriterMemory::default();
        let tx = WriteTx::new(connection, &memory, self.clock.now());
        let done = work(&tx).and_then(|value| {
            tx.close()?;
            Ok(value)
        });
        done.map_err(|error| error.into_error(&format!("{what} within the transaction")))
    }

    fn check(&self, connection: &Connection) -> Result<(), Error> {
        let path = connection.path().unwrap_or_default();
        if !self.file.is_at(Path::new(path)) {
            return Err(Error::invalid(format!(
                "the transaction is on `{path}` and the jobs of this client are in `{}`: one transaction is on one file. \
                 Keep both in one, or gather the jobs with `client.after_commit()` and enqueue them after the commit",
                self.file.path().display()
            )));
        }
        if connection.is_autocommit() {
            return Err(Error::invalid(
                "no transaction is open on this connection: begin one, best with BEGIN IMMEDIATE, and commit it afterwards",
            ));
        }
        Ok(())
    }
}

fn unknown() -> Error {
    Error::invalid(
        "this transaction is not one of the `rusqlite` that the SQLite store is built with: use the same version, or \
         gather the jobs with `client.after_commit()` and enqueue them after the commit",
    )
}
