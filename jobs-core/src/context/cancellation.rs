//! How a job learns that its cancellation was requested.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::JobId;

/// Whether a job should stop: all jobs when the process shuts down, or one that was cancelled.
pub trait Cancellation: Send + Sync + fmt::Debug {
    /// Whether the job should stop now.
    fn is_cancelled(&self, job: JobId) -> bool;

    /// Ready once the job should stop.
    fn cancelled(&self, job: JobId) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// A cancellation that is never requested: that of `perform_now`.
#[derive(Clone, Copy, Debug, Default)]
pub struct NeverCancelled;

impl Cancellation for NeverCancelled {
    fn is_cancelled(&self, _job: JobId) -> bool {
        false
    }

    fn cancelled(&self, _job: JobId) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(std::future::pending())
    }
}

/// Held by the caller that waits for a function on another thread. Dropping it requests the function's cancellation.
#[derive(Debug)]
pub struct Waiting(Arc<CancelledOnDrop>);

impl Waiting {
    /// A cancellation that is requested by `other` or by dropping the returned guard.
    pub(super) fn or(other: Arc<dyn Cancellation>) -> (Arc<dyn Cancellation>, Self) {
        let cancellation = Arc::new(CancelledOnDrop { other, is_dropped: AtomicBool::new(false) });
        (cancellation.clone(), Self(cancellation))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.is_dropped.store(true, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct CancelledOnDrop {
    other: Arc<dyn Cancellation>,
    is_dropped: AtomicBool,
}

impl Cancellation for CancelledOnDrop {
    fn is_cancelled(&self, job: JobId) -> bool {
        self.is_dropped.load(Ordering::Relaxed) || self.other.is_cancelled(job)
    }

    // A function on a thread cannot await this future, it polls `is_cancelled`. So the drop need not wake it.
    fn cancelled(&self, job: JobId) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.other.cancelled(job)
    }
}
