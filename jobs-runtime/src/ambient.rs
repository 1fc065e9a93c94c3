//! Which handle `perform_later` uses when none is given: the task's, then the process'.

use std::future::Future;
use std::sync::{PoisonError, RwLock};

use jobs_core::Error;

use crate::Jobs;

tokio::task_local! {
    static OF_TASK: Jobs;
}

static OF_PROCESS: RwLock<Option<Jobs>> = RwLock::new(None);

/// The handle in force here.
///
/// # Errors
/// There is none; says how to set one.
pub(crate) fn current() -> Result<Jobs, Error> {
    let of_process = || OF_PROCESS.read().unwrap_or_else(PoisonError::into_inner).clone();
    OF_TASK.try_with(Clone::clone).ok().or_else(of_process).ok_or_else(|| {
        Error::invalid(
            "no jobs handle is set here: call `jobs.install()` once at start, give one with `.on(&jobs)`, \
             or run this inside `jobs.scope(..)`",
        )
    })
}

/// Sets the process' handle and gives the one it replaces.
pub(crate) fn install(jobs: Jobs) -> Option<Jobs> {
    OF_PROCESS.write().unwrap_or_else(PoisonError::into_inner).replace(jobs)
}

/// Runs `future` with `jobs` as the task's handle.
pub(crate) async fn scope<F: Future>(jobs: Jobs, future: F) -> F::Output {
    OF_TASK.scope(jobs, future).await
}
