//! A job that completes itself in its own transaction, together with what it wrote there.
//!
//! The library does not learn whether that transaction was committed. So the end of the perform is written under the
//! claim token as always: if the transaction was committed, the token no longer holds and nothing is touched; if it was
//! not, the token holds, and the job is tried again. At no moment does the death of the process lose the job or run it
//! twice.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::transaction::{lend, within, within_blocking};
use crate::{
    BlockingTransaction, Decision, Error, ErrorRecord, Execution, Settled, Settlement, Store, Timestamp, Transaction,
};

/// The class of the error with which a job is tried again that returned no error, although the transaction in which it
/// was completed was not committed.
pub const NOT_COMMITTED_CLASS: &str = "jobs::NotCommitted";

/// How a job can be completed before its perform ends. Clones share one state.
#[derive(Clone)]
pub struct Completion {
    store: Arc<dyn Store>,
    keep: bool,
    is_done: Arc<AtomicBool>,
}

impl Completion {
    /// In this store. With `keep` the finished job stays visible there.
    pub fn new(store: Arc<dyn Store>, keep: bool) -> Self {
        Self { store, keep, is_done: Arc::default() }
    }

    pub(super) async fn complete<D>(
        &self,
        execution: &Execution,
        transaction: &mut impl Transaction<D>,
    ) -> Result<(), Error> {
        let settled = within(&*self.store)?.settle(&mut lend(transaction), &self.finish(execution)).await?;
        self.note(execution, settled)
    }

    pub(super) fn complete_blocking<D>(
        &self,
        execution: &Execution,
        transaction: &impl BlockingTransaction<D>,
    ) -> Result<(), Error> {
        let settled = within_blocking(&*self.store)?.settle(transaction.connection(), &self.finish(execution))?;
        self.note(execution, settled)
    }

    pub(super) fn is_done(&self) -> bool {
        self.is_done.load(Ordering::Acquire)
    }

    fn finish(&self, execution: &Execution) -> Settlement {
        Settlement::new(execution.token, Decision::Finish { keep: self.keep })
    }

    fn note(&self, execution: &Execution, settled: Settled) -> Result<(), Error> {
        if settled == Settled::Stale {
            return Err(Error::conflict(format!(
                "`{}` (Job ID: {}) is no longer held by this process: it was considered dead and another one took the \
                 job over, or the job was completed before; roll the transaction back",
                execution.name,
                execution.id()
            )));
        }
        self.is_done.store(true, Ordering::Release);
        Ok(())
    }
}

impl Decision {
    /// What is written for a perform that completed its job in a transaction and succeeded. It touches the job only if
    /// that transaction was not committed, and then retries it after `attempt⁴ + 2` seconds.
    pub fn unless_committed(execution: &Execution, now: Timestamp) -> Self {
        let message = "the job was completed in a transaction that was not committed, and returned no error; it is tried \
                       again. Return the error of a commit that fails, so that the job's own rules apply";
        let mut error = ErrorRecord::new(NOT_COMMITTED_CLASS, message);
        (error.attempt, error.at, error.is_not_committed) = (execution.attempt, now, true);
        let wait = Duration::from_secs(u64::from(execution.attempt).saturating_pow(4).saturating_add(2));
        Self::Retry { wait, queue: None, priority: None, meta: execution.meta.clone(), error }
    }

    /// Whether it is made by [`unless_committed`](Self::unless_committed).
    pub fn is_unless_committed(&self) -> bool {
        matches!(self, Self::Retry { error, .. } if error.is_not_committed)
    }
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion").field("is_done", &self.is_done).finish_non_exhaustive()
    }
}
