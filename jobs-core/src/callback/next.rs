//! The rest of a chain of callbacks, as an around callback sees it.

use std::fmt;

use crate::callback::CallbackFuture;
use crate::failure::Failure;
use crate::job::enqueue::{Enqueue, Link};

/// The rest of a perform: inner callbacks and the body.
pub struct Next<'a> {
    rest: CallbackFuture<'a, Result<(), Failure>>,
}

impl<'a> Next<'a> {
    /// The rest is this future.
    pub fn new(rest: CallbackFuture<'a, Result<(), Failure>>) -> Self {
        Self { rest }
    }

    /// Goes on with the rest: inner callbacks and the body.
    ///
    /// Dropping it drops the rest at its present await.
    ///
    /// A callback that never calls it skips the body; the job then counts as done.
    ///
    /// # Errors
    /// The failure of the rest. Hand it on, or the job's rules never see it.
    pub async fn run(self) -> Result<(), Failure> {
        self.rest.await
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Next")
    }
}

/// The rest of an enqueue: inner callbacks and the storing itself.
pub struct NextEnqueue<'a> {
    link: Link<'a>,
}

impl<'a> NextEnqueue<'a> {
    pub(crate) fn new(link: Link<'a>) -> Self {
        Self { link }
    }

    /// Goes on with the rest, on the draft as it then is.
    ///
    /// Dropping it drops the rest at its present await; the job is then stored whole or not at all.
    ///
    /// A callback that never calls it keeps the job from being stored; the caller is told
    /// [`Enqueued::Halted`](crate::Enqueued::Halted).
    ///
    /// # Errors
    /// The failure of the rest: that of a callback, or what the store said as an [`Error`](crate::Error). Hand it on,
    /// or the caller never hears of it.
    pub async fn run(self, enqueue: &mut Enqueue) -> Result<(), Failure> {
        self.link.run(enqueue).await
    }
}

impl fmt::Debug for NextEnqueue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NextEnqueue")
    }
}
