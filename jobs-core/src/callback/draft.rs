//! The job that is being enqueued, as enqueue callbacks see it.

use super::{CallbackFuture, Verdict};
use crate::model::debug::debug_without_arguments;
use crate::{Due, Expires, Signature, Unique, UniqueBy};

/// A job that is being enqueued, as enqueue callbacks see it. They may alter all of it before it is stored.
/// `Debug` leaves out what may be secret.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct JobDraft {
    /// The name of the job.
    pub name: &'static str,
    /// The queue it goes to.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// When it may run first.
    pub due: Due,
    /// When it expires if it has not begun.
    pub expires: Option<Expires>,
    /// The arguments as JSON text.
    pub arguments: String,
    /// Which jobs count as the same, and for how long this one prevents others.
    pub unique: Option<Unique>,
    /// What it is unique by, instead of its arguments.
    pub unique_by: Option<UniqueBy>,
    /// How its arguments become a list, for stores that keep lists.
    pub signature: Option<Signature>,
    /// The first key in its arguments that Active Job reserves: a store that Ruby shares refuses the job.
    pub reserved_key: Option<String>,
}

debug_without_arguments!(JobDraft: name, queue, priority, due, unique);

impl JobDraft {
    /// A job of this name with these arguments for this queue: priority 0, due now.
    pub fn new(name: &'static str, queue: impl Into<String>, arguments: impl Into<String>) -> Self {
        let (queue, arguments) = (queue.into(), arguments.into());
        Self {
            name,
            queue,
            priority: 0,
            due: Due::Now,
            expires: None,
            arguments,
            unique: None,
            unique_by: None,
            signature: None,
            reserved_key: None,
        }
    }
}

/// The innermost step of an enqueue, inside all its callbacks: it writes to the store.
pub trait Storing: Send + Sync {
    /// Stores the job as the callbacks left it. Called at most once. A duplicate is not stored and halts: the callbacks
    /// around it continue as if an inner callback had halted.
    ///
    /// A failure that holds an [`Error`](crate::Error) comes from the store.
    fn store<'a>(&'a self, enqueue: &'a mut JobDraft) -> CallbackFuture<'a, Verdict>;
}
