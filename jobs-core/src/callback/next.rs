//! The rest of a callback chain, as an around callback receives it.

use std::fmt;

use super::{CallbackFuture, JobDraft};
use crate::failure::Failure;

/// The rest of a perform: inner callbacks and the body.
pub struct Next<'a> {
    rest: CallbackFuture<'a, Result<(), Failure>>,
}

impl<'a> Next<'a> {
    /// The rest is this future.
    pub fn new(rest: CallbackFuture<'a, Result<(), Failure>>) -> Self {
        Self { rest }
    }

    /// Continues with the rest: inner callbacks and the body.
    ///
    /// Dropping it drops the rest at its current await.
    ///
    /// A callback that never calls it skips the body; the job then counts as done.
    ///
    /// # Errors
    /// The failure of the rest. Return it, or the job's rules never see it.
    pub async fn run(self) -> Result<(), Failure> {
        self.rest.await
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Next")
    }
}

/// The rest of an enqueue: inner callbacks and the call that stores the job.
pub struct NextEnqueue<'a> {
    rest: Box<dyn EnqueueRest<'a> + 'a>,
}

/// What is left of an enqueue chain. A trait, because a closure's type cannot say that its future borrows both the
/// chain and the draft.
pub(super) trait EnqueueRest<'a>: Send {
    fn run<'e>(self: Box<Self>, enqueue: &'e mut JobDraft) -> CallbackFuture<'e, Result<(), Failure>>
    where
        'a: 'e;
}

impl<'a> NextEnqueue<'a> {
    pub(super) fn new(rest: impl EnqueueRest<'a> + 'a) -> Self {
        Self { rest: Box::new(rest) }
    }

    /// Continues with the rest, on the draft as it is now.
    ///
    /// Dropping it drops the rest at its current await; the job is then stored completely or not at all.
    ///
    /// A callback that never calls it keeps the job from being stored; the caller gets
    /// [`Enqueued::Halted`](crate::Enqueued::Halted).
    ///
    /// # Errors
    /// The failure of the rest: that of a callback, or the store's [`Error`](crate::Error). Return it, or the caller
    /// never learns of it.
    pub async fn run(self, enqueue: &mut JobDraft) -> Result<(), Failure> {
        self.rest.run(enqueue).await
    }
}

impl fmt::Debug for NextEnqueue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NextEnqueue")
    }
}
