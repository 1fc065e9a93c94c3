//! One perform: decode, callbacks, body. Nothing here waits or spawns by itself.

use std::future::Future;
use std::sync::Mutex;

use serde_json::Value;

use crate::callback::{Body, Callback, CallbackFuture, Erased, Moment, Next, Stop, Verdict};
use crate::failure::{DeserializeError, Failure};
use crate::{Context, Execution, Job, Policy};

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
    read_version(&execution.arguments, execution.version)
}

/// The same from a text alone.
pub(crate) fn read_version<J: Job>(arguments: &str, stored: u32) -> Result<J, DeserializeError> {
    let present = J::SETTINGS.version;
    if stored == present {
        return DeserializeError::read_job(arguments);
    }
    if stored > present {
        let message = format!(
            "the arguments are of version {stored}, this program knows version {present}: \
             a newer program wrote them; deploy it here, or let it run them"
        );
        return Err(DeserializeError::message(message));
    }
    let old: Value = DeserializeError::read(arguments)?;
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
    perform(job, context, policy).await.map(Performed::forget)
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
fn chain<'a>(
    callbacks: &'a [&'a Callback],
    context: &'a Context,
    job: &'a Erased,
    body: CallbackFuture<'a, Result<(), Failure>>,
) -> CallbackFuture<'a, Verdict> {
    let Some((first, rest)) = callbacks.split_first() else {
        return Box::pin(async move { body.await.map_err(Stop::Failed) });
    };
    Box::pin(async move {
        match &first.body {
            Body::BeforePerform(call) if first.is_on_for_perform(context, job) => call(context, job).await?,
            Body::AfterPerform(call) => {
                chain(rest, context, job, body).await?;
                return if first.is_on_for_perform(context, job) { call(context, job).await } else { Ok(()) };
            }
            Body::AroundPerform(call) if first.is_on_for_perform(context, job) => {
                let halted = Mutex::new(None);
                let inner = unhalted(chain(rest, context, job, body), &halted);
                call(context, job, Next::new(Box::pin(inner))).await.map_err(Stop::Failed)?;
                return take(&halted).map_or(Ok(()), |()| Err(Stop::Halt));
            }
            _ => {}
        }
        chain(rest, context, job, body).await
    })
}

/// A halt is no failure to an around callback; it goes on outside of it.
async fn unhalted(inner: CallbackFuture<'_, Verdict>, halted: &Mutex<Option<()>>) -> Result<(), Failure> {
    match inner.await {
        Err(Stop::Failed(failure)) => Err(failure),
        Err(Stop::Halt) => {
            store(halted, ());
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

/// The boxed form of [`perform_stored`], for definitions.
pub(crate) fn perform_boxed<'a, J: Job>(
    context: &'a Context,
    policy: &'a Policy,
) -> CallbackFuture<'a, Result<Performed, Failure>> {
    let future: std::pin::Pin<Box<dyn Future<Output = _> + Send + 'a>> = Box::pin(perform_stored::<J>(context, policy));
    future
}
