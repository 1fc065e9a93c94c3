//! The thread that reads. It never holds a lock that a writer waits for.

use std::fmt;
use std::sync::mpsc::{self, Sender};
use std::thread::JoinHandle;

use jobs_core::StoreFuture;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::thread::spawn;
use crate::error::{Result, thread_ended};

type Query = Box<dyn FnOnce(&Connection) + Send>;

/// The callers' handle on the reader thread.
pub(crate) struct Reader {
    inbox: Option<Sender<Query>>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts the thread.
    pub(crate) fn start(connection: Connection) -> Result<Self> {
        let (inbox, queries) = mpsc::channel::<Query>();
        let work = move || queries.into_iter().for_each(|query| query(&connection));
        let thread = spawn("jobs-sqlite-reader", work)?;
        Ok(Self { inbox: Some(inbox), thread: Some(thread) })
    }

    /// Runs `query` in one read transaction, so that all its statements see the same snapshot.
    pub(crate) fn call<T, F>(&self, what: &'static str, query: F) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        Box::pin(async move {
            let (reply, result) = oneshot::channel();
            let query: Query = Box::new(move |connection| {
                let found = in_snapshot(connection, query).map_err(|error| error.into_error(what));
                // The caller may have stopped waiting.
                let _unreceived = reply.send(found);
            });
            let inbox = self.inbox.as_ref().ok_or_else(|| thread_ended(what))?;
            inbox.send(query).map_err(|_| thread_ended(what))?;
            result.await.unwrap_or_else(|_| Err(thread_ended(what)))
        })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.inbox = None;
        if let Some(thread) = self.thread.take() {
            // Each caller was told about a panic of the thread already.
            let _panicked = thread.join();
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

fn in_snapshot<T>(connection: &Connection, query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let transaction = connection.unchecked_transaction()?;
    let found = query(&transaction)?;
    transaction.commit()?;
    Ok(found)
}
