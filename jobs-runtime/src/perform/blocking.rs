//! Runs plain functions that may block.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::thread;

use jobs_core::Context;
use tokio::sync::oneshot;
use tracing::Span;
use tracing::dispatcher::{self, Dispatch};

use crate::enqueue::depth;
use crate::observe::job_span;
use crate::panic_place;
use crate::propagation;

/// Runs a plain function on a thread of its own, within the caller's `tracing` span. A panic of it goes on in the caller.
///
/// It does not use tokio's blocking threads, because tokio's runtime waits for them: a function that never returns would
/// keep the process from ending.
///
/// Not cancel safe: a dropped future leaves the function running to its end.
///
/// # Panics
/// The function panics, or the system cannot start a thread.
pub async fn blocking<T: Send + 'static>(function: impl FnOnce() -> T + Send + 'static) -> T {
    let (reply, answer) = oneshot::channel();
    let depth = depth::current();
    let (values, job, span) = (propagation::current(), propagation::current_job(), job_span::created(Span::current));
    let subscriber = dispatcher::get_default(Dispatch::clone);
    let work = move || {
        let in_chain = || depth::at(depth, function);
        let in_job = || propagation::as_part_of(job, || propagation::with(values, in_chain));
        let in_span = || job_span::entered(&span, in_job);
        let result = catch_unwind(AssertUnwindSafe(|| dispatcher::with_default(&subscriber, in_span)));
        let result = result.map_err(|payload| (payload, panic_place::take()));
        // The receiver is gone if the future was dropped.
        let _dropped = reply.send(result);
    };
    let started = thread::Builder::new().name("jobs-blocking".to_owned()).spawn(work);
    if let Err(error) = started {
        resume_unwind(Box::new(format!("the system has no thread left for a blocking job: {error}")));
    }
    let answer = answer.await.expect("the thread answers before it ends, also after a panic");
    answer.unwrap_or_else(|(payload, place)| {
        panic_place::set(place);
        resume_unwind(payload)
    })
}

/// As [`blocking`], for a function that uses the context or what it provides. If the future is dropped, the context of
/// the function is cancelled.
///
/// # Panics
/// As there.
pub async fn blocking_with<T: Send + 'static>(
    context: &Context,
    function: impl FnOnce(&Context) -> T + Send + 'static,
) -> T {
    let (on_thread, _waiting) = context.on_thread();
    blocking(move || function(&on_thread)).await
}
