//! One perform: decode, callbacks, body. Nothing here waits or spawns by itself.

use std::future::Future;
use std::sync::Mutex;

use serde_json::Value;

use crate::callback::{Body, Callback, CallbackFuture, Moment, Next, Stop, Verdict};
use crate::failure::{DeserializeError, Failure};
use crate::{Context, Enqueue, Execution, Job, Policy};

/// How a perform without a failure ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performed<T = ()> {
    /// The body ran and gave this.
    Done(T),
    /// The body gave nothing: a before callback halted, or an around callback did not go on or kept its failure.
    Halted,
}

impl<T> Performed<T> {
    /// The same without what the body gave.
    pub fn forget(self) -> Performed {
        match self {
            Self::Done(_) => Performed::Done(()),
            Self::Halted => Performed::Halted,
        }
    }
}

/// Reads the job of an execution from its arguments, bringing older versions up to date.
pub(crate) fn decode<J: Job>(execution: &Execution) -> Result<J, DeserializeError> {
    let (stored, present) = (execution.version, J::SETTINGS.version);
    if stored == present {
        return DeserializeError::read_job(&execution.arguments);
    }
    if stored > present {
        let message = format!(
            "the arguments are of version {stored}, this program knows version {present}: \
             a newer program wrote them; deploy it here, or let it run them"
        );
        return Err(DeserializeError::message(message));
    }
    let old: Value = execution.arguments()?;
    let new = J::upgrade(old, stored).map_err(|error| {
        let message = format!("the arguments cannot be upgraded from version {stored} to {present}: {error}");
        DeserializeError::caused(message, error)
    })?;
    // By way of text, since only there serde says where it stopped.
    DeserializeError::read_job(&new.to_string())
}

/// Performs the job of the context: decode, then [`perform`].
///
/// As [`perform`] when it is dropped.
///
/// # Errors
/// The failure for the job's rules to judge.
pub async fn perform_stored<J: Job>(context: &Context, policy: &Policy) -> Result<Performed, Failure> {
    if let Some(missing) = context.missing(J::REQUIRES) {
        return Err(Failure::from_error(missing));
    }
    let job = decode::<J>(context.execution()).map_err(Failure::from_error)?;
    if policy.has_callbacks(Moment::Perform) {
        return perform(job, context, policy).await.map(Performed::forget);
    }
    job.perform(context).await.map(|_| Performed::Done(())).map_err(Failure::raised::<J>)
}

/// Performs `job` inside its callbacks.
///
/// Dropping it drops the job, or the callback, at its present await; nothing is decided about it then.
///
/// # Errors
/// The failure for the job's rules to judge.
pub async fn perform<J: Job>(job: J, context: &Context, policy: &Policy) -> Result<Performed<J::Output>, Failure> {
    if let Some(missing) = context.missing(J::REQUIRES) {
        return Err(Failure::from_error(missing));
    }
    if !policy.has_callbacks(Moment::Perform) {
        return job.perform(context).await.map(Performed::Done).map_err(Failure::raised::<J>);
    }
    // The body consumes the job, so callbacks look at a second one.
    let seen: J = decode(context.execution()).map_err(Failure::from_error)?;
    let callbacks: Vec<&Callback> = policy.callbacks(Moment::Perform).collect();
    let output = Mutex::new(None);
    let body = Box::pin(async {
        let value = job.perform(context).await.map_err(Failure::raised::<J>)?;
        store(&output, value);
        Ok(())
    });
    match chain(&callbacks, context, &seen, body).await {
        // An after callback that halts stops only those after it: what the body gave counts.
        Ok(()) | Err(Stop::Halt) => Ok(take(&output).map_or(Performed::Halted, Performed::Done)),
        Err(Stop::Failed(failure)) => Err(failure),
    }
}

fn store<T>(slot: &Mutex<Option<T>>, value: T) {
    *slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(value);
}

fn take<T>(slot: &Mutex<Option<T>>) -> Option<T> {
    slot.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take()
}

/// Nests the callbacks around the body in the order of declaration; after callbacks run on the way out.
fn chain<'a, J: Job>(
    callbacks: &'a [&'a Callback],
    context: &'a Context,
    job: &'a J,
    body: CallbackFuture<'a, Result<(), Failure>>,
) -> CallbackFuture<'a, Verdict> {
    let Some((first, rest)) = callbacks.split_first() else {
        return Box::pin(async move { body.await.map_err(Stop::Failed) });
    };
    match &first.body {
        Body::BeforePerform(call) => Box::pin(async move {
            call(context, job).await?;
            chain(rest, context, job, body).await
        }),
        Body::AfterPerform(call) => Box::pin(async move {
            chain(rest, context, job, body).await?;
            call(context, job).await
        }),
        Body::AroundPerform(call) => Box::pin(async move {
            let halted = Mutex::new(None);
            let inner = async {
                match chain(rest, context, job, body).await {
                    Err(Stop::Failed(failure)) => Err(failure),
                    Err(Stop::Halt) => {
                        store(&halted, ());
                        Ok(())
                    }
                    Ok(()) => Ok(()),
                }
            };
            call(context, job, Next::new(Box::pin(inner))).await.map_err(Stop::Failed)?;
            take(&halted).map_or(Ok(()), |()| Err(Stop::Halt))
        }),
        Body::BeforeEnqueue(_) | Body::AfterEnqueue(_) => chain(rest, context, job, body),
    }
}

/// Runs the before-enqueue callbacks in the order of declaration.
///
/// Dropping it drops the callback at its present await; nothing is enqueued then.
///
/// # Errors
/// The first that stops the enqueue.
pub async fn before_enqueue<J: Job>(enqueue: &mut Enqueue, job: &J, policy: &Policy) -> Verdict {
    for callback in policy.callbacks(Moment::Enqueue) {
        if let Body::BeforeEnqueue(call) = &callback.body {
            call(enqueue, job).await?;
        }
    }
    Ok(())
}

/// Runs the after-enqueue callbacks, the last declared first.
///
/// Dropping it drops the callback at its present await; the job stays stored.
///
/// # Errors
/// The first that fails; the job is stored all the same.
pub async fn after_enqueue<J: Job>(enqueue: &mut Enqueue, job: &J, policy: &Policy) -> Verdict {
    let callbacks: Vec<_> = policy.callbacks(Moment::Enqueue).collect();
    for callback in callbacks.into_iter().rev() {
        if let Body::AfterEnqueue(call) = &callback.body {
            call(enqueue, job).await?;
        }
    }
    Ok(())
}

/// The boxed form of [`perform_stored`], for definitions.
pub(crate) fn perform_boxed<'a, J: Job>(
    context: &'a Context,
    policy: &'a Policy,
) -> CallbackFuture<'a, Result<Performed, Failure>> {
    let future: std::pin::Pin<Box<dyn Future<Output = _> + Send + 'a>> = Box::pin(perform_stored::<J>(context, policy));
    future
}
