//! Callbacks and conditions for the jobs of one type.

use std::sync::Arc;

use super::declaration::{AroundEnqueue, AroundPerform, Body, EnqueueStep, PerformStep, StepFuture};
use super::kind::ErasedJob;
use super::{Callback, CallbackFuture, Condition, JobDraft, Next, NextEnqueue, Verdict};
use crate::{Context, Job};

impl Callback {
    /// Runs before the body; may halt.
    pub fn before_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::BeforePerform(perform_step(call)))
    }

    /// Runs after a body that succeeded, the last declared first.
    pub fn after_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::AfterPerform(perform_step(call)))
    }

    /// Runs around the rest of the chain.
    pub fn around_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J, Next<'a>) -> StepFuture<'a>,
    ) -> Self {
        let call: AroundPerform = Arc::new(move |context, job, next| match typed::<J>(job) {
            Some(job) => call(context, job, next),
            None => Box::pin(next.run()),
        });
        Self::new(name, Body::AroundPerform(call))
    }

    /// Runs before the job is stored; may alter queue, priority and time, and may halt.
    pub fn before_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut JobDraft, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::BeforeEnqueue(enqueue_step(call)))
    }

    /// Runs after the job was stored.
    pub fn after_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut JobDraft, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self::new(name, Body::AfterEnqueue(enqueue_step(call)))
    }

    /// Runs around the call that stores the job, and around the enqueue callbacks that are declared after it.
    pub fn around_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut JobDraft, &'a J, NextEnqueue<'a>) -> StepFuture<'a>,
    ) -> Self {
        let call: AroundEnqueue = Arc::new(move |enqueue, job, next| match typed::<J>(job) {
            Some(job) => call(enqueue, job, next),
            None => Box::pin(next.run(enqueue)),
        });
        Self::new(name, Body::AroundEnqueue(call))
    }
}

impl Condition {
    /// Of a callback around a perform.
    pub fn on_perform<J: Job>(holds: fn(&Context, &J) -> bool) -> Self {
        Self::perform_test(move |context, job| typed(job).is_some_and(|job| holds(context, job)))
    }

    /// Of a callback around an enqueue.
    pub fn on_enqueue<J: Job>(holds: fn(&JobDraft, &J) -> bool) -> Self {
        Self::enqueue_test(move |enqueue, job| typed(job).is_some_and(|job| holds(enqueue, job)))
    }
}

/// The job as the type that the callback was declared for. A chain only ever runs with jobs of that type.
fn typed<J: Job>(job: &ErasedJob) -> Option<&J> {
    job.downcast_ref()
}

fn perform_step<J: Job>(call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>) -> PerformStep {
    Arc::new(move |context, job| match typed::<J>(job) {
        Some(job) => call(context, job),
        None => Box::pin(async { Ok(()) }),
    })
}

fn enqueue_step<J: Job>(call: for<'a> fn(&'a mut JobDraft, &'a J) -> CallbackFuture<'a, Verdict>) -> EnqueueStep {
    Arc::new(move |enqueue, job| match typed::<J>(job) {
        Some(job) => call(enqueue, job),
        None => Box::pin(async { Ok(()) }),
    })
}
