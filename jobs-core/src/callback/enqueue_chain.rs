//! Runs the enqueue callbacks around the call that stores the job.

use std::sync::atomic::{AtomicBool, Ordering};

use super::declaration::Body;
use super::next::EnqueueRest;
use super::{Callback, CallbackFuture, ErasedJob, JobDraft, NextEnqueue, Stop, Storing, Verdict};
use crate::failure::Failure;

/// What is left of a chain behind an around callback.
struct Rest<'a> {
    callbacks: &'a [&'a Callback],
    job: &'a ErasedJob,
    storing: &'a dyn Storing,
    halted: &'a AtomicBool,
}

impl<'a> EnqueueRest<'a> for Rest<'a> {
    fn run<'e>(self: Box<Self>, enqueue: &'e mut JobDraft) -> CallbackFuture<'e, Result<(), Failure>>
    where
        'a: 'e,
    {
        Box::pin(async move {
            match run_enqueue(self.callbacks, enqueue, self.job, self.storing).await {
                Err(Stop::Failed(failure)) => Err(failure),
                // An around callback sees no failure here; the halt continues outside of it.
                Err(Stop::Halt) => {
                    self.halted.store(true, Ordering::Relaxed);
                    Ok(())
                }
                Ok(()) => Ok(()),
            }
        })
    }
}

/// Nests the callbacks around `storing` in the order of declaration; after callbacks run on the way out.
pub(crate) fn run_enqueue<'a>(
    callbacks: &'a [&'a Callback],
    enqueue: &'a mut JobDraft,
    job: &'a ErasedJob,
    storing: &'a dyn Storing,
) -> CallbackFuture<'a, Verdict> {
    let Some((first, rest)) = callbacks.split_first() else {
        return storing.store(enqueue);
    };
    Box::pin(async move {
        match &first.body {
            Body::BeforeEnqueue(call) if first.is_on_for_enqueue(enqueue, job) => call(enqueue, job).await?,
            Body::AfterEnqueue(call) => {
                run_enqueue(rest, enqueue, job, storing).await?;
                return if first.is_on_for_enqueue(enqueue, job) { call(enqueue, job).await } else { Ok(()) };
            }
            Body::AroundEnqueue(call) if first.is_on_for_enqueue(enqueue, job) => {
                let halted = AtomicBool::new(false);
                let next = NextEnqueue::new(Rest { callbacks: rest, job, storing, halted: &halted });
                call(enqueue, job, next).await.map_err(Stop::Failed)?;
                return if halted.load(Ordering::Relaxed) { Err(Stop::Halt) } else { Ok(()) };
            }
            _ => {}
        }
        run_enqueue(rest, enqueue, job, storing).await
    })
}
