//! How a job learns that it is to stop.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::JobId;

/// Whether a job is to stop: all of them when the process wants to, or one that was cancelled.
pub trait Cancellation: Send + Sync + fmt::Debug {
    /// Whether it is to stop now.
    fn is_cancelled(&self, job: JobId) -> bool;

    /// Ready once it is to stop.
    fn cancelled(&self, job: JobId) -> Pin<Box<dyn Future<Output = ()> + Send + '_>>;
}

/// Nobody wants to stop: the cancellation of `perform_now`.
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

/// Somebody waits for a function on another thread. Once it is dropped nobody does, and the function is to stop.
#[derive(Debug)]
pub struct Waiting(Arc<GivenUp>);

impl Waiting {
    /// What is cancelled by the other one, too, and who waits for it.
    pub(crate) fn or(other: Arc<dyn Cancellation>) -> (Arc<dyn Cancellation>, Self) {
        let given_up = Arc::new(GivenUp { other, is_so: AtomicBool::new(false) });
        (given_up.clone(), Self(given_up))
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.is_so.store(true, Ordering::Relaxed);
    }
}

#[derive(Debug)]
struct GivenUp {
    other: Arc<dyn Cancellation>,
    is_so: AtomicBool,
}

impl Cancellation for GivenUp {
    fn is_cancelled(&self, job: JobId) -> bool {
        self.is_so.load(Ordering::Relaxed) || self.other.is_cancelled(job)
    }

    /// As the other one: a function on a thread has nothing to wait with, and asks.
    fn cancelled(&self, job: JobId) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        self.other.cancelled(job)
    }
}
