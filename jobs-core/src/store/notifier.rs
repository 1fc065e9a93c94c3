//! The capability of a store to notify processes of new work.

use std::future::Future;
use std::pin::Pin;

/// Notifies that there may be work. Only a hint: a lost one costs a poll interval, never a job.
pub trait Notifier: Send + Sync {
    /// A new listener that receives everything from now on.
    fn listen(&self) -> Box<dyn Listener>;
}

/// One listener of [`Notifier`].
pub trait Listener: Send {
    /// Ready when something happened since the last call, or since the listener was created.
    ///
    /// Cancel safe: a notification that arrives meanwhile is kept for the next call.
    fn recv(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}
