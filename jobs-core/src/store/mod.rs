//! The `Store` trait: what the runtime needs of a database.

mod adapter;
mod claim;
mod figure_store;
mod future;
mod guarantees;
mod heartbeats;
mod manage;
mod notifier;
mod process_orders;
mod recurring;
mod refused;
mod require;
mod schema;
mod transaction;

pub use adapter::{Adapter, Opening, connect, connect_without_migrating};
pub use claim::{Claim, Dispatched, QueueClaim};
pub use figure_store::FigureStore;
pub use future::StoreFuture;
pub use guarantees::{
    AttemptCounting, AttemptLogs, ClaimOrder, Fencing, Guarantees, History, Identity, Retention, Uniqueness,
};
pub use heartbeats::{HeartbeatSender, Heartbeats};
pub use manage::{Manage, ManualChange, REPEATABLE_FOR, kept_for};
pub use notifier::{Listener, Notifier};
pub use process_orders::{CancelOutcome, ProcessOrders, cancel, cancel_by};
pub use recurring::Recurring;
pub use refused::{RefusedJob, RefusedJobs};
pub use require::{StoreExt, within, within_blocking};
pub use schema::{Schema, SchemaStatus};
pub use transaction::{BlockingTransaction, BlockingTransactional, Transaction, Transactional, lend};

use crate::{Enqueued, Execution, HeartbeatReply, Inspect, NewJob, Process, Recovered, Recovery, Settled, Settlement};

/// A database or other storage that keeps jobs. Six required methods, all in batches.
///
/// **Atomicity.** Each call is atomic: it happens completely or, with an error, not at all. A caller that
/// does not receive the answer may repeat any call without harm.
///
/// **Cancel safety.** If the future is dropped, the call is done completely or not at all; the caller does not know
/// which.
///
/// **Lost claims.** If the answer of a claim is lost, or its future is dropped, no process runs the claimed jobs. The
/// store releases them by itself, without counting an attempt, at the latest when the process claims again or stops; if
/// the store died together with the process, recovery releases them. A process claims through one store at a time.
///
/// **Time.** The store's own clock decides which jobs are due and which processes are silent. Callers pass durations; a
/// point in time only if the user gave one.
///
/// **Fencing.** Only the holder of the current [`ClaimToken`](crate::ClaimToken) changes a claimed job.
///
/// **Errors.** [`is_transient`](crate::Error::is_transient) if the same call may succeed later,
/// [`is_corrupt`](crate::Error::is_corrupt) if something stored cannot be read. One unreadable job never prevents
/// the others from being claimed.
///
/// **Guarantees.** A store that cannot keep a promise says so by its [guarantees](Self::guarantees), and refuses what it
/// lacks with an error that [is unsupported](crate::Error::is_unsupported). It never drops a promise in silence.
///
/// Every store passes `jobs_testing::store_contract!`.
pub trait Store: Send + Sync + std::fmt::Debug + 'static {
    /// Stores all the jobs, or none. The answers are in the order of `jobs`.
    ///
    /// A job whose id the store holds already, in any state, is left as it is and answered with
    /// [`Enqueued::New`]: the call may be repeated, as long as the store has not forgotten the job. A job
    /// due now is `Ready`, any other `Scheduled`.
    ///
    /// A job whose [key](crate::UniqueKey) another job holds is not stored and answered with
    /// [`Enqueued::Duplicate`]; one that is stored takes its key. The jobs of a batch are checked one after the other.
    /// [`KeyHolder::holds`](crate::KeyHolder::holds), of the job that took a key last, says whether the key is held. A job whose
    /// key is held by itself is stored already. A job that has expired and waits holds none.
    ///
    /// # Errors
    /// As said at the trait, and if [`NewJob::check`] refuses one of the jobs; nothing is stored then.
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>>;

    /// Makes up to `limit` jobs ready that are due, in the order of their due times. A job that the database refuses to
    /// change is named in the answer and left out for a while, so that it holds up no other.
    ///
    /// # Errors
    /// As said at the trait.
    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched>;

    /// Claims ready jobs for a process, at most `claim.limit`.
    ///
    /// Selectors are served in their order, each up to its own [limit](crate::QueueClaim::limit); what one does not use up
    /// the later ones may have. A queue belongs to the first selector that selects it: a later one gives none of its jobs,
    /// also if the limit of the first is used up.
    ///
    /// Within a selector, jobs of higher priority come first, then those that were enqueued first, across all its queues; a
    /// job that became ready later keeps its position by age. Paused queues give no jobs.
    /// No job is ever given to two claims. Each claim counts an attempt.
    ///
    /// # Errors
    /// As said at the trait.
    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>>;

    /// Writes how executions ended. The answers are in the order of `settlements`.
    ///
    /// A settlement whose token does not hold touches nothing and is answered [`Settled::Stale`]; the
    /// others of the batch are written.
    ///
    /// # Errors
    /// As said at the trait; nothing is written then, and the caller tries again. If the error is not transient, a worker
    /// settles the jobs apart, so that one settlement that cannot be written holds up no other.
    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>>;

    /// Reports that a process is alive, and registers it the first time. With
    /// [`ProcessStatus::Stopped`](crate::ProcessStatus::Stopped) the process is forgotten and the jobs that it still holds
    /// are released without counting an attempt.
    ///
    /// # Errors
    /// As said at the trait.
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply>;

    /// Takes the jobs from processes that have been silent for longer than `recovery.silence`, and from processes that
    /// are not registered, and forgets these processes.
    ///
    /// The attempt stays counted, and its end is among the job's errors, with the process that died
    /// ([`crash_record`](crate::crash_record)). A job that lost its process for the `recovery.crash_limit`-th time
    /// becomes `Failed` with [`POISON_CLASS`](crate::POISON_CLASS), any other `Ready` at its old position. A job that the
    /// database refuses to change is named in the answer and left out for a while, so that it holds up no other.
    ///
    /// # Errors
    /// As said at the trait.
    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered>;

    /// Settles and claims in one call: the usual call of a worker. A store that can do it in one statement or
    /// one transaction should; the default makes the two calls one after the other.
    ///
    /// # Errors
    /// As said at the trait. If only the claim fails, the settlements may have been written; settling
    /// again is harmless.
    fn settle_and_claim<'a>(
        &'a self,
        settlements: &'a [Settlement],
        claim: &'a Claim,
    ) -> StoreFuture<'a, (Vec<Settled>, Vec<Execution>)> {
        Box::pin(async move {
            let settled = if settlements.is_empty() { Vec::new() } else { self.settle(settlements).await? };
            let executions = if claim.limit == 0 { Vec::new() } else { self.claim(claim).await? };
            Ok((settled, executions))
        })
    }

    /// The capability to read what is stored, if the store has it.
    fn inspect(&self) -> Option<&dyn Inspect> {
        None
    }

    /// The capability to change stored jobs and queues manually, if the store has it.
    fn manage(&self) -> Option<&dyn Manage> {
        None
    }

    /// The capability to store and settle jobs in the caller's transaction, if the store has it.
    fn transactional(&self) -> Option<&dyn Transactional> {
        None
    }

    /// The same for a store whose database driver is synchronous.
    fn blocking_transactional(&self) -> Option<&dyn BlockingTransactional> {
        None
    }

    /// The capability to keep recurring tasks and to give out each of their ticks once, if the store has it.
    fn recurring(&self) -> Option<&dyn Recurring> {
        None
    }

    /// The capability to keep figures of attempts by job and by queue, if the store has it.
    fn figures(&self) -> Option<&dyn FigureStore> {
        None
    }

    /// The capability to ask processes to be quiet, to stop or to cancel a job, if the store has it.
    fn process_orders(&self) -> Option<&dyn ProcessOrders> {
        None
    }

    /// The capability to notify workers of new work, if the store has it. Without it workers poll.
    fn notifier(&self) -> Option<&dyn Notifier> {
        None
    }

    /// The capability to send heartbeats from a thread of their own, if the store has it. Without it they are sent by
    /// [`heartbeat`](Self::heartbeat) in the program's tokio runtime, and a job that blocks that runtime delays them.
    fn heartbeats(&self) -> Option<&dyn Heartbeats> {
        None
    }

    /// What it promises of what is said at the calls above: everything, unless it is a store in front of the data of
    /// another job system.
    fn guarantees(&self) -> Guarantees {
        Guarantees::ALL
    }

    /// Whether workers may claim a few milliseconds of work ahead of their free slots. Not if others take each claimed job for one
    /// that runs.
    fn allows_prefetch(&self) -> bool {
        true
    }

    /// The name of the kind of store for people, as log lines show it: `Postgres`. By default that of its type, without
    /// `Store`.
    fn adapter_name(&self) -> &'static str {
        adapter::name_of(std::any::type_name::<Self>())
    }

    /// Whether the store's schema fitted this program when it was opened. A store without a schema answers `Known`.
    fn schema_status(&self) -> SchemaStatus {
        SchemaStatus::Current
    }
}
