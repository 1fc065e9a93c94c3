//! Storing and settling in a transaction of the caller's, on a connection of the caller's to the same file.

use std::any::Any;
use std::path::Path;

use jobs_core::{BlockingTransaction, Enqueued, Error, NewJob, Settled, Settlement, WithinBlocking};
use rusqlite::{Connection, Savepoint, Transaction};

use crate::error::Result;
use crate::places::Places;
use crate::turn::Turn;
use crate::{SqliteStore, enqueue, settle};

/// What says, for the compiler, that a transaction of `rusqlite` is spoken for here.
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

/// One on which a transaction was begun; without, it is refused.
impl BlockingTransaction<Driver> for Connection {
    fn connection(&self) -> &dyn Any {
        self
    }
}

impl WithinBlocking for SqliteStore {
    fn enqueue(&self, connection: &dyn Any, jobs: &[NewJob]) -> Result<Vec<Enqueued>, Error> {
        self.turn("enqueue", connection, |turn| enqueue::enqueue(turn, jobs, self.max_size))
    }

    fn settle(&self, connection: &dyn Any, settlement: &Settlement) -> Result<Settled, Error> {
        let answers = self.turn("settle", connection, |turn| settle::settle(turn, std::slice::from_ref(settlement)))?;
        answers.into_iter().next().ok_or_else(|| Error::other("the store gave no answer"))
    }
}

impl SqliteStore {
    /// Does what the writer does in a transaction of its own, in one of the caller's.
    fn turn<T>(&self, what: &str, connection: &dyn Any, work: impl FnOnce(&Turn<'_>) -> Result<T>) -> Result<T, Error> {
        let connection = connection.downcast_ref().ok_or_else(unknown)?;
        self.check(connection)?;
        let places = Places::default();
        let turn = Turn::new(connection, &places, self.clock.now());
        let done = work(&turn).and_then(|value| {
            turn.close()?;
            Ok(value)
        });
        done.map_err(|trouble| trouble.into_error(&format!("{what} within the transaction")))
    }

    fn check(&self, connection: &Connection) -> Result<(), Error> {
        let path = connection.path().unwrap_or_default();
        if !self.place.is_at(Path::new(path)) {
            return Err(Error::invalid(format!(
                "the transaction is on `{path}` and the jobs of this handle are in `{}`: one transaction is on one file. \
                 Keep both in one, or gather the jobs with `jobs.hold()` and enqueue them after the commit",
                self.place.path().display()
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
         gather the jobs with `jobs.hold()` and enqueue them after the commit",
    )
}
