//! Performs one job: reads its arguments, then runs its callbacks and its body. It never waits or spawns by itself.

use std::sync::{Mutex, PoisonError};

use super::arguments::read_execution;
use crate::callback::{Callback, CallbackFuture, Moment, Stop, run_perform};
use crate::failure::Failure;
use crate::{Context, Job, Policy};

/// How a perform without a failure ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Performed<T = ()> {
    /// The body ran and returned this.
    Done(T),
    /// There is no result of the body: a before callback halted, or an around callback did not continue or kept the
    /// failure to itself.
    Halted,
}

impl<T> Performed<T> {
    /// The same without the result of the body.
    pub fn forget(self) -> Performed {
        match self {
            Self::Done(_) => Performed::Done(()),
            Self::Halted => Performed::Halted,
        }
    }
}

/// Performs the job of the context: reads its arguments, then [`perform`].
///
/// As [`perform`] when it is dropped.
///
/// # Errors
/// The failure, for the job's rules to decide on.
pub async fn perform_stored<J: Job>(context: &Context, policy: &Policy) -> Result<Performed, Failure> {
    if let Some(missing) = context.missing(J::REQUIRES) {
        return Err(Failure::from_error(missing));
    }
    let job = read_execution::<J>(context.execution()).map_err(Failure::from_error)?;
    perform(job, context, policy).await.map(Performed::forget)
}

/// Performs `job` inside its callbacks.
///
/// Dropping it drops the job, or the callback, at its current await; nothing is decided about it then.
///
/// # Errors
/// The failure, for the job's rules to decide on.
pub async fn perform<J: Job>(job: J, context: &Context, policy: &Policy) -> Result<Performed<J::Output>, Failure> {
    if let Some(missing) = context.missing(J::REQUIRES) {
        return Err(Failure::from_error(missing));
    }
    if !policy.has_callbacks(Moment::Perform) {
        return job.perform(context).await.map(Performed::Done).map_err(Failure::raised::<J>);
    }
    // The body consumes the job, so the callbacks receive a second one.
    let seen: J = read_execution(context.execution()).map_err(Failure::from_error)?;
    let callbacks: Vec<&Callback> = policy.callbacks(Moment::Perform).collect();
    let output = Mutex::new(None);
    let body = Box::pin(async {
        let value = job.perform(context).await.map_err(Failure::raised::<J>)?;
        *output.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
        Ok(())
    });
    match run_perform(&callbacks, context, &seen, body).await {
        // An after callback that halts stops only those after it: the result of the body counts.
        Ok(()) | Err(Stop::Halt) => {
            let output = output.into_inner().unwrap_or_else(PoisonError::into_inner);
            Ok(output.map_or(Performed::Halted, Performed::Done))
        }
        Err(Stop::Failed(failure)) => Err(failure),
    }
}

/// The boxed form of [`perform_stored`], for definitions.
pub(super) fn perform_boxed<'a, J: Job>(
    context: &'a Context,
    policy: &'a Policy,
) -> CallbackFuture<'a, Result<Performed, Failure>> {
    Box::pin(perform_stored::<J>(context, policy))
}
