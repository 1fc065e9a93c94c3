//! One enqueue: callbacks, and the storing in their midst.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::callback::NextEnqueue;
use crate::callback::{Body, Callback, Erased, Moment};
use crate::callback::{CallbackFuture, Stop, Verdict};
use crate::failure::Failure;
use crate::{Due, Job, Policy, Unique, UniqueBy};

/// A job on its way into the store, as enqueue callbacks see it. All of it may be altered before it is stored.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Enqueue {
    /// The name of the job.
    pub name: &'static str,
    /// The queue it goes to.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// When it may run first.
    pub due: Due,
    /// The arguments as JSON text.
    pub arguments: String,
    /// Which jobs are the same as this one, and for how long it keeps them out.
    pub unique: Option<Unique>,
    /// What it is unique by in place of its arguments.
    pub unique_by: Option<UniqueBy>,
}

impl Enqueue {
    /// A job of this name with these arguments on its way to this queue: priority 0, due now.
    pub fn new(name: &'static str, queue: impl Into<String>, arguments: impl Into<String>) -> Self {
        let (queue, arguments) = (queue.into(), arguments.into());
        Self { name, queue, priority: 0, due: Due::Now, arguments, unique: None, unique_by: None }
    }
}

/// What stands inside of all enqueue callbacks.
pub trait Storing: Send + Sync {
    /// Stores the job as the callbacks left it. Called at most once. A job that is not stored because one like it is
    /// there already halts: the callbacks around it go on as if one within had halted.
    ///
    /// A failure that holds an [`Error`](crate::Error) is the store's.
    fn store<'a>(&'a self, enqueue: &'a mut Enqueue) -> CallbackFuture<'a, Verdict>;
}

/// Runs the enqueue callbacks around `storing`, nested as those of a perform are.
///
/// Dropping it drops the callback, or the storing, at its present await.
///
/// # Errors
/// What stopped the enqueue. The job may be stored all the same: an after callback runs too late to change that.
pub async fn enqueue<J: Job>(enqueue: &mut Enqueue, job: &J, policy: &Policy, storing: &dyn Storing) -> Verdict {
    let callbacks: Vec<&Callback> = policy.callbacks(Moment::Enqueue).collect();
    chain(&callbacks, enqueue, job, storing).await
}

/// What is left of a chain.
pub(crate) struct Link<'a> {
    rest: &'a [&'a Callback],
    job: &'a Erased,
    storing: &'a dyn Storing,
    halted: &'a AtomicBool,
}

impl Link<'_> {
    /// Runs it. A halt is no failure to an around callback; it goes on outside of it.
    pub(crate) async fn run(self, enqueue: &mut Enqueue) -> Result<(), Failure> {
        match chain(self.rest, enqueue, self.job, self.storing).await {
            Err(Stop::Failed(failure)) => Err(failure),
            Err(Stop::Halt) => {
                self.halted.store(true, Ordering::Relaxed);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }
}

/// Nests the callbacks around the storing in the order of declaration; after callbacks run on the way out.
pub(crate) fn chain<'a>(
    callbacks: &'a [&'a Callback],
    enqueue: &'a mut Enqueue,
    job: &'a Erased,
    storing: &'a dyn Storing,
) -> CallbackFuture<'a, Verdict> {
    let Some((first, rest)) = callbacks.split_first() else {
        return storing.store(enqueue);
    };
    Box::pin(async move {
        match &first.body {
            Body::BeforeEnqueue(call) if first.is_on_for_enqueue(enqueue, job) => call(enqueue, job).await?,
            Body::AfterEnqueue(call) => {
                chain(rest, enqueue, job, storing).await?;
                return if first.is_on_for_enqueue(enqueue, job) { call(enqueue, job).await } else { Ok(()) };
            }
            Body::AroundEnqueue(call) if first.is_on_for_enqueue(enqueue, job) => {
                let halted = AtomicBool::new(false);
                let next = NextEnqueue::new(Link { rest, job, storing, halted: &halted });
                call(enqueue, job, next).await.map_err(Stop::Failed)?;
                return if halted.load(Ordering::Relaxed) { Err(Stop::Halt) } else { Ok(()) };
            }
            _ => {}
        }
        chain(rest, enqueue, job, storing).await
    })
}
