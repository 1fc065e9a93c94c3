//! The thread that owns the only writing connection. Calls that arrive while a transaction runs are run together in the
//! next one (group commit).

use std::fmt;
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::JoinHandle;

use jobs_core::{Clock, Error, StoreFuture, Timestamp};
use rusqlite::Connection;
use tokio::sync::watch;

use super::change_watcher::ChangeWatcher;
use super::db_file::DbFile;
use super::thread::spawn;
use super::write_call::{Call, ClaimReceiver, Message, Release, WriteCall};
use super::write_tx::WriteTx;
use super::writer_memory::WriterMemory;
use crate::error::{Result, StoreError, clone_driver_error, describe, thread_ended};
use crate::fault_points;

/// The most calls in one transaction, so that the first of them does not wait too long for its reply.
const MAX_BATCH: usize = 256;

/// The callers' handle on the writer thread.
pub(crate) struct Writer {
    inbox: Option<Sender<Message>>,
    thread: Option<JoinHandle<()>>,
    changes: watch::Sender<()>,
}

impl Writer {
    /// Starts the thread.
    pub(crate) fn start(connection: Connection, file: DbFile, clock: Arc<dyn Clock>) -> Result<Self> {
        let (inbox, messages) = mpsc::channel();
        let changes = watch::Sender::new(());
        let watcher = ChangeWatcher::new(changes.clone());
        let writer = WriterThread { connection, file, memory: WriterMemory::default(), clock, watcher };
        let thread = spawn("jobs-sqlite-writer", move || writer.run(&messages))?;
        Ok(Self { inbox: Some(inbox), thread: Some(thread), changes })
    }

    /// Runs `work` in a transaction, together with other calls that wait. It may run twice if another call of the
    /// transaction fails; the changes of the first run are then rolled back.
    pub(crate) fn call<T, F>(&self, what: &'static str, work: F) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: FnMut(&WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        Box::pin(async move {
            let (call, reply) = Call::new(what, work, None);
            self.send(Message::Call(Box::new(call)), what)?;
            reply.await.unwrap_or_else(|_| Err(thread_ended(what)))
        })
    }

    /// As [`call`](Self::call). If the future is dropped although `work` was committed, the settlements that `release`
    /// makes are applied, because no caller has the claimed jobs.
    pub(crate) fn claim<T, F>(&self, what: &'static str, work: F, release: Release<T>) -> StoreFuture<'_, T>
    where
        T: Send + 'static,
        F: FnMut(&WriteTx<'_>) -> Result<T> + Send + 'static,
    {
        Box::pin(async move {
            let (call, reply) = Call::new(what, work, Some(release));
            let inbox = self.inbox.clone().ok_or_else(|| thread_ended(what))?;
            let receiver = ClaimReceiver::new(reply, inbox, release);
            self.send(Message::Call(Box::new(call)), what)?;
            receiver.recv(what).await
        })
    }

    /// A receiver that is marked as changed after each commit that may have brought work.
    pub(crate) fn listen(&self) -> watch::Receiver<()> {
        let changes = self.changes.subscribe();
        // If the thread has ended there are no notifications, and a lost one costs no more than a poll interval.
        let _ended = self.send(Message::ListenerAdded, "listen");
        changes
    }

    fn send(&self, message: Message, what: &str) -> Result<(), Error> {
        let inbox = self.inbox.as_ref().ok_or_else(|| thread_ended(what))?;
        inbox.send(message).map_err(|_| thread_ended(what))
    }
}

impl Drop for Writer {
    /// Calls that were sent are still written: the thread ends when its inbox is empty.
    fn drop(&mut self) {
        self.inbox = None;
        if let Some(thread) = self.thread.take() {
            // Each caller was told about a panic of the thread already.
            let _panicked = thread.join();
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}

/// Why a transaction failed.
enum BatchError {
    /// `SQLite` refused to begin or to commit. Running the calls one by one would not help.
    Transaction(rusqlite::Error),
    /// The call at this index failed; the other calls did not.
    Call(usize, StoreError),
}

/// The state of the thread.
struct WriterThread {
    connection: Connection,
    file: DbFile,
    memory: WriterMemory,
    clock: Arc<dyn Clock>,
    watcher: ChangeWatcher,
}

impl WriterThread {
    fn run(mut self, messages: &Receiver<Message>) {
        loop {
            match self.next(messages) {
                Ok(Message::Call(first)) => {
                    self.serve(collect_batch(first, messages));
                    self.watcher.poll_after_work(&self.connection);
                }
                Ok(Message::ListenerAdded) => self.watcher.listener_added(&self.connection),
                Err(RecvTimeoutError::Timeout) => self.watcher.poll(&self.connection),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        self.close();
    }

    fn next(&self, messages: &Receiver<Message>) -> Result<Message, RecvTimeoutError> {
        match self.watcher.poll_interval() {
            Some(interval) => messages.recv_timeout(interval),
            None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
        }
    }

    /// Runs the calls, and then the calls that release the jobs of callers that are gone.
    fn serve(&mut self, calls: Vec<Box<dyn WriteCall>>) {
        let releases = self.run_batch(calls);
        if !releases.is_empty() {
            // A release has no receiver, so no further release follows from it.
            self.run_batch(releases);
        }
    }

    /// Runs all calls in one transaction. If one of them fails, the transaction is rolled back and each call runs in a
    /// transaction of its own. Returns the calls that must follow.
    fn run_batch(&mut self, mut calls: Vec<Box<dyn WriteCall>>) -> Vec<Box<dyn WriteCall>> {
        if !self.file.is_in_place() {
            return reply(calls, |call| Err(self.file.lost(call.what())));
        }
        match self.commit(&mut calls) {
            Ok(()) => reply(calls, |_| Ok(())),
            Err(BatchError::Transaction(error)) => {
                reply(calls, |call| Err(describe(call.what(), clone_driver_error(&error))))
            }
            Err(BatchError::Call(_, error)) if calls.len() == 1 => {
                let mut error = Some(error);
                reply(calls, |call| {
                    Err(error.take().map_or_else(|| thread_ended(call.what()), |it| it.into_error(call.what())))
                })
            }
            Err(BatchError::Call(failed, error)) => {
                drop(error);
                self.run_separately(calls, failed)
            }
        }
    }

    /// The failed call runs last: what made one transaction fail may make the connection fail for the calls after it.
    fn run_separately(&mut self, mut calls: Vec<Box<dyn WriteCall>>, failed: usize) -> Vec<Box<dyn WriteCall>> {
        let failed = calls.remove(failed);
        calls.push(failed);
        calls.into_iter().flat_map(|call| self.run_batch(vec![call])).collect()
    }

    fn commit(&mut self, calls: &mut [Box<dyn WriteCall>]) -> Result<(), BatchError> {
        let now = self.clock.now();
        run(&self.connection, "BEGIN IMMEDIATE").map_err(BatchError::Transaction)?;
        let written = write(&self.connection, &self.memory, calls, now);
        if written.is_err() {
            self.memory.rolled_back();
        }
        if written.is_err() && !self.connection.is_autocommit() {
            // SQLite may have rolled back already. If this ROLLBACK fails, the next BEGIN reports it.
            let _refused = run(&self.connection, "ROLLBACK");
        }
        let count = written?;
        reach_fault_points(calls, "after-commit");
        if let Some(count) = count {
            self.watcher.notify(count);
        }
        Ok(())
    }

    /// Moves the write-ahead log into the file, so that one file is left, which can be copied.
    fn close(mut self) {
        // Other processes may still use the log. Then the last of them moves it.
        let _busy = self.connection.busy_handler(None::<fn(i32) -> bool>);
        let _shared = self.connection.pragma_update_and_check(None, "wal_checkpoint", "truncate", |_| Ok(()));
    }
}

fn collect_batch(first: Box<dyn WriteCall>, messages: &Receiver<Message>) -> Vec<Box<dyn WriteCall>> {
    let mut calls = vec![first];
    while calls.len() < MAX_BATCH {
        match messages.try_recv() {
            Ok(Message::Call(call)) => calls.push(call),
            // The poll that follows each transaction also serves a new listener.
            Ok(Message::ListenerAdded) => {}
            Err(_) => break,
        }
    }
    calls
}

/// Runs the calls and commits. Returns the new value of the change counter if listeners are to be notified.
fn write(
    connection: &Connection,
    memory: &WriterMemory,
    calls: &mut [Box<dyn WriteCall>],
    now: Timestamp,
) -> Result<Option<i64>, BatchError> {
    let tx = WriteTx::new(connection, memory, now);
    for (index, call) in calls.iter_mut().enumerate() {
        call.run(&tx).map_err(|error| BatchError::Call(index, error))?;
    }
    let count = tx.close().map_err(BatchError::Transaction)?;
    reach_fault_points(calls, "before-commit");
    run(connection, "COMMIT").map_err(BatchError::Transaction)?;
    Ok(count)
}

fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

/// Replies to each caller. Returns the calls that must follow.
fn reply(
    calls: Vec<Box<dyn WriteCall>>,
    mut outcome: impl FnMut(&dyn WriteCall) -> Result<(), Error>,
) -> Vec<Box<dyn WriteCall>> {
    let replied = calls.into_iter().filter_map(|call| {
        let outcome = outcome(&*call);
        call.reply(outcome)
    });
    replied.collect()
}

fn reach_fault_points(calls: &[Box<dyn WriteCall>], moment: &str) {
    for call in calls {
        fault_points::reach(call.what(), moment);
    }
}
