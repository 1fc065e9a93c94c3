//! A job that completes itself in a transaction of its own, together with what it wrote there.
//!
//! What the transaction's end is, is not told to anyone here. So whatever the perform ends with is written under the
//! claim token as ever: if the transaction was committed the token no longer holds and nothing is touched; if it was not,
//! the token holds, and the job is tried again. There is no moment at which a death of the process loses the job or runs
//! it twice.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::transaction::{BlockingTransaction, Transaction, lend, within, within_blocking};
use crate::{Context, Decision, Error, ErrorRecord, Execution, Settled, Settlement, Store, Timestamp};

/// The class of the error that a job is tried again with which said that it was complete, although the transaction in
/// which it was completed came to nothing.
pub const NOT_COMMITTED_CLASS: &str = "jobs::NotCommitted";

/// How a job that is performed can be completed early. What is cloned is the same one.
#[derive(Clone)]
pub struct Completion {
    store: Arc<dyn Store>,
    keep: bool,
    is_done: Arc<AtomicBool>,
}

impl Completion {
    /// In this store, where the finished job stays visible if `keep`.
    pub fn new(store: Arc<dyn Store>, keep: bool) -> Self {
        Self { store, keep, is_done: Arc::default() }
    }
}

impl Context {
    /// Completes this job in a transaction of the job's own on the store's database: what the job wrote there and its
    /// end are committed together, so the job's effect is there exactly once.
    ///
    /// After that, commit and return `Ok`. If the commit fails or is not made the job runs again: return the error, and
    /// the job's rules apply; return `Ok` all the same, and it is tried again later. After perform callbacks still run,
    /// and an error of theirs changes nothing any more. A transaction may be tried anew with another call.
    ///
    /// Where nothing is claimed, with `perform_now` and `inline:`, there is nothing to complete and this does nothing.
    ///
    /// Not cancel safe: if it is dropped the transaction is to be rolled back.
    ///
    /// # Errors
    /// [Conflict](Error::is_conflict): this process holds the job no longer, because it was thought dead and another one
    /// took the job over, or because the job was completed before. [Invalid](Error::is_invalid): the transaction is on
    /// another database than the store. Others are the database's. Roll the transaction back in each case.
    pub async fn complete_within<D>(&self, transaction: &mut impl Transaction<D>) -> Result<(), Error> {
        let Some(completion) = &self.completion else { return Ok(()) };
        let settled = within(&*completion.store)?.settle(&mut lend(transaction), &self.finish(completion)).await?;
        self.completed(completion, settled)
    }

    /// As [`complete_within`](Self::complete_within), with a transaction whose driver answers without waiting.
    ///
    /// # Errors
    /// As there.
    pub fn complete_within_blocking<D>(&self, transaction: &impl BlockingTransaction<D>) -> Result<(), Error> {
        let Some(completion) = &self.completion else { return Ok(()) };
        let settled =
            within_blocking(&*completion.store)?.settle(transaction.connection(), &self.finish(completion))?;
        self.completed(completion, settled)
    }

    /// Whether the job was completed in a transaction, of which it is not known whether it was committed.
    pub fn is_completed(&self) -> bool {
        self.completion.as_ref().is_some_and(|completion| completion.is_done.load(Ordering::Acquire))
    }

    fn finish(&self, completion: &Completion) -> Settlement {
        Settlement { token: self.execution().token, decision: Decision::Finish { keep: completion.keep } }
    }

    fn completed(&self, completion: &Completion, settled: Settled) -> Result<(), Error> {
        if settled == Settled::Stale {
            return Err(Error::conflict(format!(
                "`{}` (Job ID: {}) is no longer held by this process: it was thought dead and another one took the job \
                 over, or the job was completed before; roll the transaction back",
                self.name(),
                self.id()
            )));
        }
        completion.is_done.store(true, Ordering::Release);
        Ok(())
    }
}

impl Decision {
    /// What is written for a perform that completed its job in a transaction and succeeded. It touches the job only if
    /// that transaction was not committed, and then has it tried again after `attempt⁴ + 2` seconds.
    pub fn unless_committed(execution: &Execution, now: Timestamp) -> Self {
        let message = "the job was completed in a transaction that was not committed, and returned no error; it is tried \
                       again. Return the error of a commit that fails, so that the job's own rules apply";
        let mut error = ErrorRecord::new(NOT_COMMITTED_CLASS, message);
        (error.attempt, error.at) = (execution.attempt, now);
        let wait = Duration::from_secs(u64::from(execution.attempt).saturating_pow(4).saturating_add(2));
        Self::Retry { wait, queue: None, priority: None, meta: execution.meta.clone(), error }
    }

    /// Whether it is made by [`unless_committed`](Self::unless_committed).
    pub fn is_unless_committed(&self) -> bool {
        matches!(self, Self::Retry { error, .. } if error.class == NOT_COMMITTED_CLASS)
    }
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion").field("is_done", &self.is_done).finish_non_exhaustive()
    }
}
