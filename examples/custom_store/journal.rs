//! A store that keeps everything in one text file: a journal with one line for each call.
//!
//! The store in memory already implements all calls. This store replays the journal on it, and adds a line for each call
//! that changes something. So every process that reads the file has the same state. The other promises of a store are
//! easy to keep:
//!
//! - *Atomic*: a process that dies while it writes leaves a line without an end, which is removed.
//! - *One writer*: the file is locked while a call reads the lines of other processes and writes its own.
//! - *The store's clock*: each line has its time, and is replayed at that time.
//!
//! This is an example and not for production: it does not wait for the disk, so a power cut may lose the last lines, and
//! the file grows for ever.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jobs_core::{
    Claim, Clock, Dispatched, Enqueued, Error, Execution, HeartbeatReply, Inspect, Manage, NewJob, Process, Recovered,
    Recovery, Settled, Settlement, Store, StoreFuture, Timestamp,
};
use jobs_memory::MemoryStore;

use crate::calls::{Call, Entry, now};

/// Keeps jobs in a journal. Any number of stores, in one process or in several, can share a file.
pub(crate) struct JournalStore {
    clock: Arc<dyn Clock>,
    journal: Mutex<Journal>,
}

impl JournalStore {
    /// Opens the file, or creates it.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(crate) fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path);
        let file = file.map_err(|cause| io_error(path, "opened", cause))?;
        let journal =
            Journal { path: path.to_owned(), file, replayed: 0, clock: JournalClock::default(), memory: None };
        Ok(Self { clock, journal: Mutex::new(journal) })
    }

    /// A call that can change something. It is recorded if its result says that it did.
    pub(crate) fn change<'a, T: Send + 'a>(
        &'a self,
        call: Call,
        call_memory: impl FnOnce(&MemoryStore) -> Result<T, Error> + Send + 'a,
        changed: fn(&T) -> bool,
    ) -> StoreFuture<'a, T> {
        self.locked(move |journal, at| {
            let answer = call_memory(journal.memory())?;
            if changed(&answer) {
                journal.write(&Entry { at, call })?;
            }
            Ok(answer)
        })
    }

    /// A call that only reads.
    pub(crate) fn query<'a, T: Send + 'a>(
        &'a self,
        call_memory: impl FnOnce(&MemoryStore) -> Result<T, Error> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        self.locked(move |journal, _| call_memory(journal.memory()))
    }

    /// Runs a function while the file is locked. It never awaits, so it cannot be dropped halfway.
    fn locked<'a, T: Send + 'a>(
        &'a self,
        work: impl FnOnce(&mut Journal, Timestamp) -> Result<T, Error> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
            journal.lock()?;
            let answer = journal.replay().and_then(|()| {
                let at = self.clock.now();
                journal.clock.set(at);
                work(&mut journal, at)
            });
            journal.unlock()?;
            answer
        })
    }
}

/// The file, and the store in memory on which a part of the file is replayed.
struct Journal {
    path: PathBuf,
    file: File,
    /// The number of bytes that are replayed.
    replayed: u64,
    clock: JournalClock,
    memory: Option<MemoryStore>,
}

impl Journal {
    fn memory(&mut self) -> &MemoryStore {
        let clock = &self.clock;
        self.memory.get_or_insert_with(|| MemoryStore::new(Arc::new(clock.clone())))
    }

    fn lock(&self) -> Result<(), Error> {
        self.file.lock().map_err(|cause| io_error(&self.path, "locked", cause))
    }

    fn unlock(&self) -> Result<(), Error> {
        self.file.unlock().map_err(|cause| io_error(&self.path, "unlocked", cause))
    }

    /// Replays the lines that were added since the last call.
    fn replay(&mut self) -> Result<(), Error> {
        let mut text = String::new();
        let read = self.file.seek(SeekFrom::Start(self.replayed)).and_then(|_| self.file.read_to_string(&mut text));
        read.map_err(|cause| io_error(&self.path, "read", cause))?;
        for line in text.split_inclusive('\n') {
            let Some(line) = line.strip_suffix('\n') else { return self.truncate() };
            let Entry { at, call } = serde_json::from_str(line).map_err(|cause| {
                let message = format!("the journal {} cannot be read at byte {}", self.path.display(), self.replayed);
                Error::corrupt(message).with_source(cause)
            })?;
            self.clock.set(at);
            call.replay(self.memory())?;
            self.replayed += line.len() as u64 + 1;
        }
        Ok(())
    }

    /// Removes a line without an end. The process that wrote it is dead, otherwise it would still hold the lock.
    fn truncate(&mut self) -> Result<(), Error> {
        self.file.set_len(self.replayed).map_err(|cause| io_error(&self.path, "truncated", cause))
    }

    /// Adds a line. If that fails, the store in memory has a change that the file lacks, so the file is replayed from the
    /// beginning.
    fn write(&mut self, entry: &Entry) -> Result<(), Error> {
        let text = serde_json::to_string(entry).map(|text| text + "\n").map_err(io::Error::other);
        let written = text.and_then(|text| self.file.write_all(text.as_bytes()).map(|()| text.len()));
        match written {
            Ok(length) => self.replayed += length as u64,
            Err(cause) => {
                (self.memory, self.replayed) = (None, 0);
                return Err(io_error(&self.path, "written to", cause));
            }
        }
        Ok(())
    }
}

/// The clock of the store in memory: it shows the time of the line that is replayed, or of the current call.
#[derive(Clone, Debug, Default)]
struct JournalClock(Arc<AtomicI64>);

impl JournalClock {
    fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::Relaxed);
    }
}

impl Clock for JournalClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// The error is transient: the call may succeed when the disk has space again, or the folder exists again.
fn io_error(path: &Path, what: &str, cause: io::Error) -> Error {
    Error::transient(format!("the journal {} cannot be {what}", path.display())).with_source(cause)
}

impl fmt::Debug for JournalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JournalStore")
    }
}

impl Store for JournalStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.change(Call::Enqueue(jobs.to_vec()), |memory| now(memory.enqueue(jobs)), |enqueued| !enqueued.is_empty())
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.change(Call::Dispatch(limit), move |memory| now(memory.dispatch(limit)), |dispatched| dispatched.ready > 0)
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        self.change(Call::Claim(claim.clone()), |memory| now(memory.claim(claim)), |executions| !executions.is_empty())
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        let call = Call::Settle(settlements.to_vec());
        self.change(call, |memory| now(memory.settle(settlements)), |settled| settled.contains(&Settled::Applied))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.change(Call::Heartbeat(process.clone()), |memory| now(memory.heartbeat(process)), |_| true)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        self.change(Call::Recover(*recovery), |memory| now(memory.recover(recovery)), |_| true)
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }
}
