//! The thread that looks. It never holds a lock that a writer waits for.

use std::fmt;
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use jobs_core::{Error, StoreFuture};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::{Result, Trouble, gone};

type Look = Box<dyn FnOnce(&Connection) + Send>;

/// The callers' end of the reader.
pub(crate) struct Reader {
    inbox: Option<Sender<Look>>,
    thread: Option<JoinHandle<()>>,
}

impl Reader {
    /// Starts the thread.
    pub(crate) fn start(connection: Connection) -> Result<Self> {
        let (inbox, looks) = mpsc::channel::<Look>();
        let work = move || looks.into_iter().for_each(|look| look(&connection));
        let thread = spawn("jobs-sqlite-reader", work)?;
        Ok(Self { inbox: Some(inbox), thread: Some(thread) })
    }

    /// Runs `look` in one read transaction, so that all it sees is of one moment.
    pub(crate) fn call<T, F>(&self, what: &'static str, look: F) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T> + Send + 'static,
    {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            let job: Look = Box::new(move |connection| {
                let seen = at_one_moment(connection, look).map_err(|trouble| trouble.into_error(what));
                // A caller that no longer waits does not need the answer.
                let _unheard = reply.send(seen);
            });
            let inbox = self.inbox.as_ref().ok_or_else(|| gone(what))?;
            inbox.send(job).map_err(|_| gone(what))?;
            answer.await.unwrap_or_else(|_| Err(gone(what)))
        })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.inbox = None;
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was told to each caller; there is nobody left to tell.
            let _panicked = thread.join();
        }
    }
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Reader")
    }
}

fn at_one_moment<T>(connection: &Connection, look: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    let transaction = connection.unchecked_transaction()?;
    let seen = look(&transaction)?;
    transaction.commit()?;
    Ok(seen)
}

pub(crate) fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map_err(|cause| {
        Trouble::Said(Error::transient("could not start a thread for the SQLite store").with_source(cause))
    })
}
