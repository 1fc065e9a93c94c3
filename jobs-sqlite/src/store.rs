//! The store itself: each call goes to the writer or to the reader.

use std::path::Path;
use std::sync::Arc;

use jobs_core::{
    Claim, Clock, Decision, Dispatched, Enqueued, Error, Execution, Inspect, Listener, Manage, NewJob, Process, Pulse,
    Recovered, Recovery, Recurring, Settled, Settlement, Standing, Store, StoreFuture, Wakeups, WithinBlocking,
};

use crate::error::Result;
use crate::place::Place;
use crate::reader::Reader;
use crate::turn::Turn;
use crate::wakeups::Ear;
use crate::writer::Writer;
use crate::{SqliteOptions, claim, connection, enqueue, processes, recover, settle};

/// Jobs in an `SQLite` file.
///
/// Several stores, in one process or in several, may be open on one file. Dropping a store finishes the calls
/// that were sent, moves the write-ahead log into the file and waits for its two threads; this blocks for
/// as long as it takes, usually a few milliseconds.
#[derive(Debug)]
pub struct SqliteStore {
    pub(crate) writer: Writer,
    pub(crate) reader: Reader,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) max_size: Option<u64>,
    /// The file, to compare with those of others.
    pub(crate) place: Place,
    standing: Standing,
}

impl SqliteStore {
    /// The file at this path with the usual options; it is created if it is not there.
    ///
    /// # Errors
    /// As [`SqliteOptions::open`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        SqliteOptions::new(path.as_ref()).open()
    }

    pub(crate) fn with(options: SqliteOptions) -> Result<Self, Error> {
        let path = options.path.display().to_string();
        Self::start(options).map_err(|trouble| trouble.into_error(&format!("open `{path}`")))
    }

    fn start(options: SqliteOptions) -> Result<Self> {
        let (writing, standing) = connection::for_writing(&options)?;
        let reader = Reader::start(connection::for_reading(&options)?)?;
        let place = Place::of(&options.path);
        let writer = Writer::start(writing, place, Arc::clone(&options.clock))?;
        let place = Place::of(&options.path);
        Ok(Self { writer, reader, clock: options.clock, max_size: options.max_size, place, standing })
    }
}

impl Store for SqliteStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        let (jobs, max_size) = (jobs.to_vec(), self.max_size);
        self.writer.call("enqueue", move |turn| enqueue::enqueue(turn, &jobs, max_size))
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        self.writer.call("dispatch", move |turn| enqueue::dispatch(turn, limit))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        let claim = claim.clone();
        self.writer.claim("claim", move |turn| claim::claim(turn, &claim), released)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        let settlements = settlements.to_vec();
        self.writer.call("settle", move |turn| settle::settle(turn, &settlements))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse> {
        let process = process.clone();
        self.writer.call("heartbeat", move |turn| processes::heartbeat(turn, &process))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        let recovery = *recovery;
        self.writer.call("recover", move |turn| recover::recover(turn, &recovery))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        let (settlements, claim) = (settlements.to_vec(), claim.clone());
        let work = move |turn: &Turn<'_>| Ok((settle::settle(turn, &settlements)?, claim::claim(turn, &claim)?));
        self.writer.claim("settle and claim", work, |(_, executions)| released(executions))
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn within_blocking(&self) -> Option<&dyn WithinBlocking> {
        Some(self)
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        Some(self)
    }

    fn wakeups(&self) -> Option<&dyn Wakeups> {
        Some(self)
    }

    fn standing(&self) -> Standing {
        self.standing
    }
}

/// What gives jobs back that were claimed and that nobody has.
fn released(executions: Vec<Execution>) -> Vec<Settlement> {
    executions.into_iter().map(|execution| execution.settle(Decision::Release)).collect()
}

impl Wakeups for SqliteStore {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(Ear(self.writer.listen()))
    }
}
