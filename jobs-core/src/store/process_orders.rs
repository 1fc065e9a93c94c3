//! The capability of a store to pass on to a process what a person asks of it.

use super::StoreFuture;
use crate::{ProcessId, ProcessOrder};

/// Passes orders to processes, also on other machines. A process learns of an order by the
/// [answer](crate::HeartbeatReply::Asked) to each of its heartbeats until it has followed it, so within one heartbeat interval.
pub trait ProcessOrders: Send + Sync {
    /// Asks a process to be quiet or to stop. Returns whether that is new: a registered process has this id, and its status
    /// and what it was asked before are less than that. [`ProcessRecord`](crate::ProcessRecord) shows the status that the
    /// process is asked for.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn order(&self, process: ProcessId, order: ProcessOrder) -> StoreFuture<'_, bool>;
}
