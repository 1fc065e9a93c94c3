//! How deep enqueues are inside one another: by callbacks that enqueue, and by jobs that are performed where they are enqueued.

use std::future::Future;
use std::sync::{Arc, OnceLock};

use jobs_core::Error;

/// A job whose callback enqueues the same job has no end but that of the stack, which ends the process.
const DEEPEST_CALLBACK: usize = 16;

/// Likewise a job that enqueues itself over `inline:`. A level takes some 100 KB of stack in a build without optimisation, and a
/// thread of tokio has 2 MB.
const DEEPEST: usize = 12;

tokio::task_local! {
    static DEPTH: Depth;
}

/// Where this task is.
#[derive(Clone, Default)]
pub(crate) struct Depth {
    /// The callbacks since the last job.
    callbacks: usize,
    /// The callbacks and jobs.
    all: usize,
    /// The first refusal of an enqueue at the end of this chain of jobs.
    refusal: Arc<OnceLock<String>>,
}

/// The depth of this task, for a thread on which a part of it goes on.
pub(crate) fn current() -> Option<Depth> {
    DEPTH.try_with(Depth::clone).ok()
}

/// Calls a plain function at this depth.
pub(crate) fn at<T>(depth: Option<Depth>, function: impl FnOnce() -> T) -> T {
    match depth {
        Some(depth) => DEPTH.sync_scope(depth, function),
        None => function(),
    }
}

/// Runs the callbacks around the enqueue of a job, one level deeper than those that are running in this task.
///
/// As cancel safe as `callbacks`.
///
/// # Errors
/// They would be inside of too many others; nothing of them is run then.
pub(super) async fn in_callbacks<F: Future>(name: &str, callbacks: F) -> Result<F::Output, Error> {
    let Depth { callbacks: depth, all, refusal } = current().unwrap_or_default();
    if depth >= DEEPEST_CALLBACK {
        return Err(Error::invalid(format!(
            "`{name}` is enqueued by an enqueue callback inside of {DEEPEST_CALLBACK} others: a callback that enqueues a job, \
             whose callbacks enqueue again, has no end. Enqueue from the body of a job, or give the callback a condition with `if`"
        )));
    }
    Ok(DEPTH.scope(Depth { callbacks: depth + 1, all: all + 1, refusal }, callbacks).await)
}

/// Performs a job inside its enqueue: what it enqueues is inside of no callback, and one level deeper. Returns the refusal of an
/// enqueue that its chain of jobs came to, besides the output.
///
/// As cancel safe as `performing`.
///
/// # Errors
/// It would be inside of too many others; it is not performed then.
pub(crate) async fn in_job<F: Future>(name: &str, performing: F) -> Result<(F::Output, Option<String>), Error> {
    let Depth { all, refusal, .. } = current().unwrap_or_default();
    if all >= DEEPEST {
        let message = format!(
            "`{name}` is enqueued inside of {DEEPEST} jobs and callbacks that are all being performed: `inline:` performs a job \
             within its enqueue, so jobs that enqueue one another without end would overflow the stack. Give the chain an end, \
             or use `memory:` with a runtime that is started"
        );
        return Err(Error::invalid(refusal.get_or_init(|| message).as_str()));
    }
    let depth = Depth { callbacks: 0, all: all + 1, refusal: Arc::clone(&refusal) };
    let output = DEPTH.scope(depth, performing).await;
    Ok((output, refusal.get().cloned()))
}
