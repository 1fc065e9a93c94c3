//! The capability of a store to pass on to a process what a person asks of it.

use super::StoreFuture;
use crate::{JobId, ProcessId, ProcessOrder};

/// Passes orders to processes, also on other machines. A process learns of an order by the
/// [answer](crate::HeartbeatReply::Asked) to each of its heartbeats until it has followed it, so within one heartbeat interval.
/// It asks as often which of its jobs are to be [cancelled](Self::cancelled).
pub trait ProcessOrders: Send + Sync {
    /// Asks a process to be quiet or to stop. Returns whether that is new: a registered process has this id, and its status
    /// and what it was asked before are less than that. [`ProcessRecord`](crate::ProcessRecord) shows the status that the
    /// process is asked for.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool>;

    /// Asks the process that has claimed a job to cancel it, and returns that process. `None` if no registered process has
    /// claimed the job, and then nothing is kept. The request is about this one claim: it ends with it, and a later claim of the
    /// job is not cancelled by it. A repeated request changes nothing.
    ///
    /// # Errors
    /// As [`Store`](crate::Store). The error [is unsupported](crate::Error::is_unsupported) if the job is claimed by a process of
    /// other software, which cannot be asked.
    fn cancel(&self, job: JobId) -> StoreFuture<'_, Option<ProcessId>>;

    /// Which of the jobs that a process has claimed are to be cancelled, in no order. A job is among them until its claim ends.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn cancelled(&self, process: ProcessId) -> StoreFuture<'_, Vec<JobId>>;
}
