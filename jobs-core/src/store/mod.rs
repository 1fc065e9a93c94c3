//! The seam between the runtime and whatever keeps the jobs.

mod adapter;
mod manage;
mod schema;
pub mod transaction;

pub use adapter::{Adapter, Opening, connect, connect_as_it_is};
pub use manage::Manage;
pub use schema::{Schema, Standing};
pub use transaction::{BlockingTransaction, Transaction, Within, WithinBlocking};

pub use crate::recurring::Recurring;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    Enqueued, Error, Execution, Inspect, NewJob, Process, ProcessId, Pulse, QueueSelector, Recovered, Recovery,
    Settled, Settlement,
};

/// The boxed future of a store's answer.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// A place that keeps jobs. Six required methods, all in batches.
///
/// **Atomicity.** Each call is atomic: it happens as a whole or, with an error, not at all. A caller that
/// does not learn the answer may repeat each call without harm.
///
/// **Cancel safety.** A dropped future leaves the call done as a whole or not at all; which of the two is
/// not known to the caller.
///
/// **Lost claims.** What a claim took whose answer was lost, or whose future was dropped, is held by nobody. The store
/// gives it back by itself, without counting an attempt, at the latest when its process claims again or stops; if the
/// store died with it, recovery does. A process claims through one store at a time.
///
/// **Time.** The store's own clock decides what is due and who is silent. It is handed durations; an
/// instant only where the user gave one.
///
/// **Fencing.** Only the holder of the present [`ClaimToken`](crate::ClaimToken) changes a claimed job.
///
/// **Errors.** [`is_transient`](Error::is_transient) if the same call may go through later,
/// [`is_corrupt`](Error::is_corrupt) if something stored cannot be read. One unreadable job never keeps
/// the others from being claimed.
///
/// Every store passes `jobs_testing::store_contract!`.
pub trait Store: Send + Sync + std::fmt::Debug + 'static {
    /// Stores all the jobs, or none. Answers in the order of `jobs`.
    ///
    /// A job whose id the store holds already, in whatever state, is left as it is and answered with
    /// [`Enqueued::New`]: the call may be repeated, for as long as the store has not forgotten the job. A job
    /// due now is `Ready`, any other `Scheduled`.
    ///
    /// A job whose [key](crate::UniqueKey) another job holds is not stored and answered with
    /// [`Enqueued::Duplicate`]; one that is stored takes its key. The jobs of a batch come one after the other in this.
    /// Whether a key is held is said by [`Hold::holds`](crate::Hold::holds) of the job that took it last. A job whose
    /// key is held by itself is stored already.
    ///
    /// # Errors
    /// As said at the trait; nothing is stored then.
    fn enqueue<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>>;

    /// Makes up to `limit` jobs ready whose time has come, the one due first first.
    ///
    /// # Errors
    /// As said at the trait.
    fn dispatch(&self, limit: usize) -> StoreFuture<'_, Dispatched>;

    /// Claims ready jobs for a process, at most `claim.limit`.
    ///
    /// Selectors are served in their order. Within one, higher priority first, then the job that was
    /// enqueued first; a job that became ready later keeps its old place. Paused queues give nothing.
    /// No job is ever given to two claims. Each claim counts an attempt.
    ///
    /// # Errors
    /// As said at the trait.
    fn claim<'a>(&'a self, claim: &'a Claim) -> StoreFuture<'a, Vec<Execution>>;

    /// Writes what became of executions. Answers in the order of `settlements`.
    ///
    /// A settlement whose token does not hold touches nothing and is answered [`Settled::Stale`]; the
    /// others of the batch are written.
    ///
    /// # Errors
    /// As said at the trait; nothing is written then, and the caller tries again.
    fn settle<'a>(&'a self, settlements: &'a [Settlement]) -> StoreFuture<'a, Vec<Settled>>;

    /// Shows that a process lives, and makes it known at first. With
    /// [`Phase::Stopped`](crate::Phase::Stopped) the process is forgotten and what it still holds is
    /// released without counting an attempt.
    ///
    /// # Errors
    /// As said at the trait.
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, Pulse>;

    /// Takes their jobs from processes that have been silent for longer than `recovery.silence`, and from
    /// processes that are not known, and forgets them.
    ///
    /// The attempt stays counted, and its end is among the job's errors, with the process that died
    /// ([`crash_record`](crate::crash_record)). A job that lost its process for the `recovery.crash_limit`-th time
    /// becomes `Failed` with [`POISON_CLASS`](crate::POISON_CLASS), any other `Ready` at its old place.
    ///
    /// # Errors
    /// As said at the trait.
    fn recover<'a>(&'a self, recovery: &'a Recovery) -> StoreFuture<'a, Recovered>;

    /// Settles and claims in one go: what a worker does all day. A store that can do it in one statement or
    /// one transaction should; here it is the two calls one after the other.
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

    /// The power to look, if the store has it.
    fn inspect(&self) -> Option<&dyn Inspect> {
        None
    }

    /// The power to act on stored jobs and queues by hand, if the store has it.
    fn manage(&self) -> Option<&dyn Manage> {
        None
    }

    /// The power to store and settle jobs in a transaction of the caller's, if the store has it.
    fn within(&self) -> Option<&dyn Within> {
        None
    }

    /// The same where the driver of the store's database answers without waiting.
    fn within_blocking(&self) -> Option<&dyn WithinBlocking> {
        None
    }

    /// The power to keep recurring tasks and to give each of their ticks away once, if the store has it.
    fn recurring(&self) -> Option<&dyn Recurring> {
        None
    }

    /// The power to say that there may be work, if the store has it. Without it workers poll.
    fn wakeups(&self) -> Option<&dyn Wakeups> {
        None
    }

    /// How the store's schema stood to this program when it was opened. A store without a schema says that it is known.
    fn standing(&self) -> Standing {
        Standing::Known
    }
}

/// Comforts of every store. Not to be implemented: all stores have them.
pub trait StoreExt: Store {
    /// The power to look.
    ///
    /// # Errors
    /// The store has no such power; the error [is invalid](Error::is_invalid).
    fn looking(&self) -> Result<&dyn Inspect, Error> {
        self.inspect().ok_or_else(|| Error::invalid("this store cannot be looked into"))
    }

    /// The power to act on jobs and queues by hand.
    ///
    /// # Errors
    /// The store has no such power; the error [is invalid](Error::is_invalid).
    fn acting(&self) -> Result<&dyn Manage, Error> {
        self.manage().ok_or_else(|| Error::invalid("this store's jobs cannot be acted on by hand"))
    }

    /// The power to keep recurring tasks.
    ///
    /// # Errors
    /// The store has no such power; the error [is invalid](Error::is_invalid).
    fn repeating(&self) -> Result<&dyn Recurring, Error> {
        self.recurring().ok_or_else(|| Error::invalid("this store keeps no recurring tasks"))
    }
}

impl<S: Store + ?Sized> StoreExt for S {}

/// Who wants how many jobs from where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// Who holds the jobs afterwards.
    pub process: ProcessId,
    /// Where to look, in this order.
    pub queues: Vec<QueueSelector>,
    /// How many at most.
    pub limit: usize,
}

impl Claim {
    /// Up to `limit` jobs from all queues.
    pub fn all(process: ProcessId, limit: usize) -> Self {
        Self { process, queues: vec![QueueSelector::All], limit }
    }
}

/// What a dispatch did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dispatched {
    /// How many jobs became ready.
    pub ready: usize,
    /// How long until the next job is due by the store's clock; zero if one is due already, `None` if none waits.
    pub next_in: Option<Duration>,
}

/// Says that there may be work. Only a hint: a lost one costs a poll interval, never a job.
pub trait Wakeups: Send + Sync {
    /// A new listener that hears of everything from now on.
    fn listen(&self) -> Box<dyn Listener>;
}

/// One listener of [`Wakeups`].
pub trait Listener: Send {
    /// Ready when something happened since the last call, or since the listener was made.
    ///
    /// Cancel safe: a hint that came meanwhile is kept for the next call.
    fn heard(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
