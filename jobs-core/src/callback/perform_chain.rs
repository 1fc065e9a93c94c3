//! Runs the perform callbacks around the body of a job.

use std::sync::atomic::{AtomicBool, Ordering};

use super::declaration::Body;
use super::{Callback, CallbackFuture, ErasedJob, Next, Stop, Verdict};
use crate::Context;
use crate::failure::Failure;

/// Nests the callbacks around the body in the order of declaration; after callbacks run on the way out.
pub(crate) fn run_perform<'a>(
    callbacks: &'a [&'a Callback],
    context: &'a Context,
    job: &'a ErasedJob,
    body: CallbackFuture<'a, Result<(), Failure>>,
) -> CallbackFuture<'a, Verdict> {
    let Some((first, rest)) = callbacks.split_first() else {
        return Box::pin(async move { body.await.map_err(Stop::Failed) });
    };
    Box::pin(async move {
        match &first.body {
            Body::BeforePerform(call) if first.is_on_for_perform(context, job) => call(context, job).await?,
            Body::AfterPerform(call) => {
                run_perform(rest, context, job, body).await?;
                return if first.is_on_for_perform(context, job) { call(context, job).await } else { Ok(()) };
            }
            Body::AroundPerform(call) if first.is_on_for_perform(context, job) => {
                let halted = AtomicBool::new(false);
                let inner = note_halt(run_perform(rest, context, job, body), &halted);
                call(context, job, Next::new(Box::pin(inner))).await.map_err(Stop::Failed)?;
                return if halted.load(Ordering::Relaxed) { Err(Stop::Halt) } else { Ok(()) };
            }
            _ => {}
        }
        run_perform(rest, context, job, body).await
    })
}

/// An around callback sees no failure in a halt; the halt continues outside of it.
async fn note_halt(inner: CallbackFuture<'_, Verdict>, halted: &AtomicBool) -> Result<(), Failure> {
    match inner.await {
        Err(Stop::Failed(failure)) => Err(failure),
        Err(Stop::Halt) => {
            halted.store(true, Ordering::Relaxed);
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}
