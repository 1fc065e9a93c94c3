//! A store that keeps everything in one text file: a journal of what it was asked, a line for each call.
//!
//! What a call means is known already by the store in memory. This one plays the journal to it, adds a line for each call
//! that changes something, and so is where the last line left it, in every process that reads the file. What a store
//! promises besides comes cheap:
//!
//! - *Whole or not at all*: a line without an end, as a process leaves it that dies in the middle of it, is cut off.
//! - *One owner*: a lock on the file is held from reading what others wrote to the end of the own line.
//! - *The store's clock*: each line says when it was, and is played at that time.
//!
//! It is to be read, not to be used: it does not wait for the disk, so a power cut may take the last lines, and the file
//! grows for ever.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use jobs_core::{
    Claim, Clock, Dispatched, Enqueued, Error, Execution, Inspect, Manage, NewJob, Process, Pulse, Recovered, Recovery,
    Settled, Settlement, Store, StoreFuture, Timestamp,
};
use jobs_memory::MemoryStore;

use crate::calls::{Call, Line, now};

/// Keeps jobs in a journal. Any number of them, in one process or in several, may share a file.
pub(crate) struct JournalStore {
    clock: Arc<dyn Clock>,
    journal: Mutex<Journal>,
}

impl JournalStore {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// The file cannot be opened.
    pub(crate) fn open(path: &Path, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let file = OpenOptions::new().create(true).read(true).append(true).open(path);
        let file = file.map_err(|cause| fault(path, "opened", cause))?;
        let journal = Journal { path: path.to_owned(), file, played: 0, moment: Moment::default(), memory: None };
        Ok(Self { clock, journal: Mutex::new(journal) })
    }

    /// A call that may change something; it is written down if its answer says that it did.
    pub(crate) fn change<'a, T: Send + 'a>(
        &'a self,
        call: Call,
        ask: impl FnOnce(&MemoryStore) -> Result<T, Error> + Send + 'a,
        changed: fn(&T) -> bool,
    ) -> StoreFuture<'a, T> {
        self.turn(move |journal, at| {
            let answer = ask(journal.memory())?;
            if changed(&answer) {
                journal.write(&Line { at, call })?;
            }
            Ok(answer)
        })
    }

    /// A call that only looks.
    pub(crate) fn look<'a, T: Send + 'a>(
        &'a self,
        ask: impl FnOnce(&MemoryStore) -> Result<T, Error> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        self.turn(move |journal, _| ask(journal.memory()))
    }

    /// Work on the file while nobody else is at it. It never awaits, so it cannot be dropped in the middle.
    fn turn<'a, T: Send + 'a>(
        &'a self,
        work: impl FnOnce(&mut Journal, Timestamp) -> Result<T, Error> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let mut journal = self.journal.lock().unwrap_or_else(PoisonError::into_inner);
            journal.lock()?;
            let answer = journal.play().and_then(|()| {
                let at = self.clock.now();
                journal.moment.set(at);
                work(&mut journal, at)
            });
            journal.unlock()?;
            answer
        })
    }
}

/// The file, and the store in memory that has heard of so much of it.
struct Journal {
    path: PathBuf,
    file: File,
    /// How many bytes of the file have been played.
    played: u64,
    moment: Moment,
    memory: Option<MemoryStore>,
}

impl Journal {
    fn memory(&mut self) -> &MemoryStore {
        let moment = &self.moment;
        self.memory.get_or_insert_with(|| MemoryStore::new(Arc::new(moment.clone())))
    }

    fn lock(&self) -> Result<(), Error> {
        self.file.lock().map_err(|cause| fault(&self.path, "locked", cause))
    }

    fn unlock(&self) -> Result<(), Error> {
        self.file.unlock().map_err(|cause| fault(&self.path, "unlocked", cause))
    }

    /// Plays what was written since it was looked at last.
    fn play(&mut self) -> Result<(), Error> {
        let mut text = String::new();
        let read = self.file.seek(SeekFrom::Start(self.played)).and_then(|_| self.file.read_to_string(&mut text));
        read.map_err(|cause| fault(&self.path, "read", cause))?;
        for line in text.split_inclusive('\n') {
            let Some(line) = line.strip_suffix('\n') else { return self.cut_off() };
            let Line { at, call } = serde_json::from_str(line).map_err(|cause| {
                let place = format!("the journal {} cannot be read at byte {}", self.path.display(), self.played);
                Error::corrupt(place).with_source(cause)
            })?;
            self.moment.set(at);
            call.play(self.memory())?;
            self.played += line.len() as u64 + 1;
        }
        Ok(())
    }

    /// Removes a line without an end. Whoever wrote it is dead, or its lock would be held.
    fn cut_off(&mut self) -> Result<(), Error> {
        self.file.set_len(self.played).map_err(|cause| fault(&self.path, "mended", cause))
    }

    /// Adds a line. If that fails, the store in memory knows more than the file does, and begins anew.
    fn write(&mut self, line: &Line) -> Result<(), Error> {
        let text = serde_json::to_string(line).map(|text| text + "\n").map_err(io::Error::other);
        let written = text.and_then(|text| self.file.write_all(text.as_bytes()).map(|()| text.len()));
        match written {
            Ok(length) => self.played += length as u64,
            Err(cause) => {
                (self.memory, self.played) = (None, 0);
                return Err(fault(&self.path, "written to", cause));
            }
        }
        Ok(())
    }
}

/// The clock of the store in memory: it stands at the time of the line that is played, or of the present call.
#[derive(Clone, Debug, Default)]
struct Moment(Arc<AtomicI64>);

impl Moment {
    fn set(&self, at: Timestamp) {
        self.0.store(at.as_micros(), Ordering::Relaxed);
    }
}

impl Clock for Moment {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

/// The same call may go through once the disk has room again, or the folder is back.
fn fault(path: &Path, what: &str, cause: io::Error) -> Error {
    Error::transient(format!("the journal {} cannot be {what}", path.display())).with_source(cause)
}

impl fmt::Debug for JournalStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JournalStore")
    }
}

impl Store for JournalStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        self.change(Call::Enqueue(jobs.to_vec()), |memory| now(memory.enqueue(jobs)), |answers| !answers.is_empty())
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

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
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
