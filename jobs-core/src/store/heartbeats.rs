//! The capability of a store to send heartbeats from a thread of their own.

use super::StoreFuture;
use crate::{HeartbeatReply, Process};

/// Sends heartbeats that do not depend on the tokio runtime in which the store was opened: jobs that block all threads of that
/// runtime must not make the process look dead.
pub trait Heartbeats: Send + Sync {
    /// A sender for the tokio runtime in which this is called. It is used there only, on one thread, one call at a time.
    fn sender(&self) -> Box<dyn HeartbeatSender + '_>;
}

/// Sends heartbeats on a connection of its own.
pub trait HeartbeatSender: Send + Sync {
    /// As [`Store::heartbeat`](super::Store::heartbeat).
    ///
    /// # Errors
    /// As there.
    fn heartbeat<'a>(&'a self, process: &'a Process) -> StoreFuture<'a, HeartbeatReply>;
}
