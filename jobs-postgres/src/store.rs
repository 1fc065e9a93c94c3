//! The store: each call goes to one of its connections.

use std::fmt;
use std::future::ready;
use std::sync::Arc;

use jobs_core::{
    Claim, Clock, Dispatched, Enqueued, Execution, FigureStore, HeartbeatReply, HeartbeatSender, Heartbeats, Inspect,
    JobId, Listener, Manage, NewJob, Notifier, Process, ProcessId, ProcessOrder, ProcessOrders, ProcessStatus,
    Recovered, Recovery, Recurring, SchemaStatus, Settled, Settlement, Store, StoreFuture, Transactional,
};

use crate::codec::bind::now_param;
use crate::codec::encoding::Encoding;
use crate::connection::Purpose;
use crate::connection::actor::ConnectionHandle;
use crate::connection::connector::Connector;
use crate::connection::notifier::ChangeNotifier;
use crate::connection::retry_conflicts::retry_conflicts;
use crate::enqueue::batcher::{EnqueueBatcher, enqueue_bulk};
use crate::enqueue::copy::MIN_JOBS;
use crate::transaction::portable::PortableStatements;
use crate::work::pending_claims::PendingClaims;
use crate::work::refusable::Refused;
use crate::work::routing::{Apart, is_finish, no_claim};
use crate::work::vacuum::Vacuum;
use crate::work::{processes, recover};

/// Jobs in a `PostgreSQL` database.
///
/// Any number of stores may be open on one database, on any number of machines. A store lives in the tokio runtime in
/// which it was opened. Its connections are made when they are first needed, and replaced when they are lost; a call on
/// a lost connection fails as transient. Dropping a store finishes the calls that were made.
pub struct PostgresStore {
    pub(crate) connector: Arc<Connector>,
    /// Claims and settles, in the order of the calls.
    pub(crate) work: ConnectionHandle,
    /// Settles large batches, while `work` claims.
    pub(crate) settles: ConnectionHandle,
    pub(crate) apart: Apart,
    /// Sends heartbeats in this tokio runtime, also while the others wait for a lock.
    pub(crate) heartbeats: ConnectionHandle,
    /// Inspects, manages and recovers, one call at a time.
    pub(crate) admin: ConnectionHandle,
    pub(crate) enqueues: EnqueueBatcher,
    /// A connection of its own, because taking a key may wait for another transaction that takes the same key. Jobs
    /// without a key must not wait for this.
    pub(crate) unique_enqueues: EnqueueBatcher,
    /// Stores the jobs of a large call, so that a caller with a single job does not wait for them.
    pub(crate) bulk_enqueues: ConnectionHandle,
    pub(crate) notifier: ChangeNotifier,
    pub(crate) clock: Option<Arc<dyn Clock>>,
    pub(crate) pending_claims: PendingClaims,
    pub(crate) vacuum: Vacuum,
    pub(crate) refused: Arc<Refused>,
    pub(crate) standing: SchemaStatus,
    pub(crate) schema: String,
    pub(crate) encoding: Encoding,
    /// The statements for transactions of callers.
    pub(crate) portable: PortableStatements,
}

impl PostgresStore {
    /// The current time as a parameter; `None` for the time of the server.
    pub(crate) fn now(&self) -> Option<i64> {
        now_param(self.clock.as_deref())
    }

    /// Notifies listeners after a call that may have brought work.
    pub(crate) fn notify_after<'a, T: Send + 'a>(&'a self, call: StoreFuture<'a, T>) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let result = call.await;
            self.notifier.notify();
            result
        })
    }

    fn heartbeat_on<'a>(
        &'a self,
        connection: &'a ConnectionHandle,
        process: &Process,
    ) -> StoreFuture<'a, HeartbeatReply> {
        let (process, encoding, now) = (process.clone(), self.encoding, self.now());
        if process.phase == ProcessStatus::Stopped {
            return self.notify_after(connection.call("stop a process", move |session| async move {
                retry_conflicts(|| processes::stop(&session, process.id)).await
            }));
        }
        connection.call("heartbeat", move |session| async move {
            retry_conflicts(|| processes::heartbeat(&session, &process, encoding, now)).await
        })
    }
}

impl Store for PostgresStore {
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        if let Err(refused) = jobs.iter().try_for_each(NewJob::check) {
            return Box::pin(ready(Err(refused)));
        }
        let are_unique = jobs.iter().any(|job| job.unique_key.is_some());
        self.notify_after(if are_unique {
            self.unique_enqueues.enqueue(jobs)
        } else if jobs.len() >= MIN_JOBS {
            enqueue_bulk(&self.bulk_enqueues, self.now(), jobs)
        } else {
            self.enqueues.enqueue(jobs)
        })
    }

    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched> {
        let (now, refused) = (self.now(), Arc::clone(&self.refused));
        self.notify_after(self.work.call("dispatch", move |session| async move {
            retry_conflicts(|| processes::dispatch(&session, limit, now, &refused.dispatch)).await
        }))
    }

    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>> {
        Box::pin(async { Ok(self.settle_and_claim_jobs("claim", &[], claim.clone()).await?.1) })
    }

    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>> {
        let settled = async { Ok(self.settle_and_claim_jobs("settle", settlements, no_claim()).await?.0) };
        self.notify_after(Box::pin(settled))
    }

    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        let connection = if process.phase == ProcessStatus::Stopped { &self.admin } else { &self.heartbeats };
        self.heartbeat_on(connection, process)
    }

    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered> {
        let (recovery, now, refused) = (*recovery, self.now(), Arc::clone(&self.refused));
        self.notify_after(self.admin.call("recover", move |session| async move {
            retry_conflicts(|| recover::recover(&session, recovery, now, &refused.recover)).await
        }))
    }

    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        let result = Box::pin(self.settle_and_claim_jobs("settle and claim", settlements, claim.clone()));
        if settlements.iter().all(is_finish) { result } else { self.notify_after(result) }
    }

    fn inspect(&self) -> Option<&dyn Inspect> {
        Some(self)
    }

    fn manage(&self) -> Option<&dyn Manage> {
        Some(self)
    }

    fn transactional(&self) -> Option<&dyn Transactional> {
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

impl ProcessOrders for PostgresStore {
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool> {
        let doing = "ask a process to be quiet or to stop";
        self.admin.call(doing, move |session| async move { processes::order(&session, process, order).await })
    }

    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>> {
        let doing = "cancel a job that runs";
        self.admin.call(doing, move |session| async move { processes::cancel(&session, job).await })
    }

    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>> {
        let doing = "ask which jobs to cancel";
        self.admin.call(doing, move |session| async move { processes::cancelled(&session, process).await })
    }
}

impl Heartbeats for PostgresStore {
    fn sender(&self) -> Box<dyn HeartbeatSender + '_> {
        let connection = ConnectionHandle::serial(self.connector.clone(), Purpose::Heartbeat);
        Box::new(OwnConnection { store: self, connection })
    }
}

/// Sends heartbeats on a connection that lives in the tokio runtime in which it was made.
struct OwnConnection<'s> {
    store: &'s PostgresStore,
    connection: ConnectionHandle,
}

impl HeartbeatSender for OwnConnection<'_> {
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply> {
        self.store.heartbeat_on(&self.connection, process)
    }
}

impl Notifier for PostgresStore {
    fn listen(&self) -> Box<dyn Listener> {
        self.notifier.subscribe()
    }
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").field("schema", &self.schema).finish_non_exhaustive()
    }
}
