//! The store: each call goes to the writer thread or to the reader thread.

use std::sync::Arc;

use jobs_core::{
    BlockingTransactional, Claim, Clock, Decision, Dispatched, Enqueued, Execution, FigureStore, HeartbeatReply,
    HeartbeatSender, Heartbeats, Inspect, JobId, Listener, Manage, NewJob, Notifier, Process, ProcessId, ProcessOrder,
    ProcessOrders, Recovered, Recovery, Recurring, RefusedJobs, SchemaStatus, Settled, Settlement, Store, StoreFuture,
};

use crate::connection::change_watcher::ChangeSubscription;
use crate::connection::db_file::DbFile;
use crate::connection::reader::Reader;
use crate::connection::write_tx::WriteTx;
use crate::connection::writer::Writer;
use crate::enqueue::insert;
use crate::work::{claim, dispatch, processes, recover, settle};

/// Jobs in an `SQLite` file.
///
/// Several stores, in one process or in several, may be open on one file. Dropping a store finishes the calls that were
/// sent, moves the write-ahead log into the file and waits for its two threads. The drop blocks for as long as this
/// takes, usually a few milliseconds.
#[derive(Debug)]
pub struct SqliteStore {
    pub(crate) writer: Writer,
    pub(crate) reader: Reader,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) max_size: Option<u64>,
    /// The file, to compare it with that of a caller's connection.
    pub(crate) file: DbFile,
    pub(crate) standing: SchemaStatus,
    pub(crate) refused: Arc<Refused>,
}

/// The jobs that the database refused to change, for each operation.
#[derive(Debug, Default)]
pub(crate) struct Refused {
    pub(crate) dispatch: RefusedJobs,
    pub(crate) recover: RefusedJobs,
    pub(crate) prune: RefusedJobs,
}

impl Store for SqliteStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        let (jobs, max_size) = (jobs.to_vec(), self.max_size);
        self.writer.call("enqueue", move |tx| insert::enqueue(tx, &jobs, max_size))
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        let refused = Arc::clone(&self.refused);
        self.writer.call("dispatch", move |tx| dispatch::dispatch(tx, limit, &refused.dispatch))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        let claim = claim.clone();
        self.writer.claim("claim", move |tx| claim::claim(tx, &claim), released)
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        let settlements = settlements.to_vec();
        self.writer.call("settle", move |tx| settle::settle(tx, &settlements))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        let process = process.clone();
        self.writer.call("heartbeat", move |tx| processes::heartbeat(tx, &process))
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        let (recovery, refused) = (*recovery, Arc::clone(&self.refused));
        self.writer.call("recover", move |tx| recover::recover(tx, &recovery, &refused.recover))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        let (settlements, claim) = (settlements.to_vec(), claim.clone());
        let work = move |tx: &WriteTx<'_>| Ok((settle::settle(tx, &settlements)?, claim::claim(tx, &claim)?));
        self.writer.claim("settle and claim", work, |(_, executions)| released(executions))
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn blocking_transactional(&self) -> Option<&dyn BlockingTransactional> {
        Some(self)
    }

    fn recurring(&self) -> Option<&dyn Recurring> {
        Some(self)
    }

    fn figures(&self) -> Option<&dyn FigureStore> {
        Some(self)
    }

    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        Some(self)
    }

    fn notifier(&self) -> Option<&dyn Notifier> {
        Some(self)
    }

    fn heartbeats(&self) -> Option<&dyn Heartbeats> {
        Some(self)
    }

    fn schema_status(&self) -> SchemaStatus {
        self.standing
    }
}

impl ProcessOrders for SqliteStore {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        self.writer.call("ask a process to be quiet or to stop", move |tx| processes::order(tx, process, order))
    }

    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>> {
        self.writer.call("cancel a job that runs", move |tx| processes::cancel(tx, job))
    }

    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>> {
        self.reader.call("ask which jobs to cancel", move |connection| processes::cancelled(connection, process))
    }
}

impl Heartbeats for SqliteStore {
    fn sender(&self) -> Box<dyn HeartbeatSender + '_> {
        Box::new(FromAnyRuntime(self))
    }
}

/// The writer has a thread of its own, so its calls need no tokio runtime in particular.
struct FromAnyRuntime<'s>(&'s SqliteStore);

impl HeartbeatSender for FromAnyRuntime<'_> {
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.0.heartbeat(process)
    }
}

/// Settlements that release claimed jobs.
fn released(executions: Vec<Execution>) -> Vec<Settlement> {
    executions.into_iter().map(|execution| execution.settle(Decision::Release)).collect()
}

impl Notifier for SqliteStore {
    fn listen(&self) -> Box<dyn Listener> {
        Box::new(ChangeSubscription(self.writer.listen()))
    }
}
