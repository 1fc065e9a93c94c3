//! Which handle `perform_later` uses when none is given: the task's, then the thread's, then the process'.

use std::cell::RefCell;
use std::future::Future;
use std::marker::PhantomData;
use std::sync::{PoisonError, RwLock};

use jobs_core::Error;

use crate::Jobs;

tokio::task_local! {
    static OF_TASK: Jobs;
}

thread_local! {
    static OF_THREAD: RefCell<Option<Jobs>> = const { RefCell::new(None) };
}

static OF_PROCESS: RwLock<Option<Jobs>> = RwLock::new(None);

/// The handle in force here.
///
/// # Errors
/// There is none; says how to set one.
pub(crate) fn current() -> Result<Jobs, Error> {
    let of_process = || OF_PROCESS.read().unwrap_or_else(PoisonError::into_inner).clone();
    let of_thread = || OF_THREAD.try_with(|held| held.borrow().clone()).ok().flatten();
    OF_TASK.try_with(Clone::clone).ok().or_else(of_thread).or_else(of_process).ok_or_else(|| {
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

/// Sets the thread's handle until what this gives is dropped.
pub(crate) fn enter(jobs: Jobs) -> Entered {
    Entered { before: OF_THREAD.with(|held| held.replace(Some(jobs))), of_this_thread: PhantomData }
}

/// Keeps a handle in force on this thread; dropped, it brings back the one before.
#[derive(Debug)]
#[must_use = "the handle is in force until this is dropped"]
pub struct Entered {
    before: Option<Jobs>,
    /// It cannot leave its thread.
    of_this_thread: PhantomData<*const ()>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        let before = self.before.take();
        // A thread that ends has no handle any more.
        let _ended = OF_THREAD.try_with(|held| held.replace(before));
    }
}
