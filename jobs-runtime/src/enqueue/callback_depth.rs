//! How many enqueues are inside one another: a callback around an enqueue may enqueue a job that has callbacks itself.

use std::future::Future;

use jobs_core::Error;

/// A job whose callback enqueues the same job has no end but that of the stack, which ends the process.
const DEEPEST: usize = 16;

tokio::task_local! {
    static DEPTH: usize;
}

/// Runs the callbacks around the enqueue of a job, one level deeper than those that are running in this task.
///
/// As cancel safe as `callbacks`.
///
/// # Errors
/// They would be inside of 16 others; nothing of them is run then.
pub(super) async fn nested<F: Future>(name: &str, callbacks: F) -> Result<F::Output, Error> {
    let depth = DEPTH.try_with(|depth| *depth).unwrap_or_default();
    if depth >= DEEPEST {
        return Err(Error::invalid(format!(
            "`{name}` is enqueued by an enqueue callback inside of {DEEPEST} others: a callback that enqueues a job, whose \
             callbacks enqueue again, has no end. Enqueue from the body of a job, or give the callback a condition with `if`"
        )));
    }
    Ok(DEPTH.scope(depth + 1, callbacks).await)
}

/// Runs the body of a job that is performed inside its enqueue: what it enqueues is inside of no callback.
///
/// As cancel safe as `body`.
pub(crate) async fn from_zero<F: Future>(body: F) -> F::Output {
    DEPTH.scope(0, body).await
}
