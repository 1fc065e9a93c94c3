//! Futures whose way to the store is a connection that they cannot hold, because it must not leave its thread.
//!
//! The future asks and waits; whoever polls it has the connection at hand, does what is asked and polls again. So
//! nothing is blocked, and a connection that is no `Send` serves callbacks that are async.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use jobs_core::{Enqueued, Error, NewJob, StoreFuture};

type Answer = Result<Vec<Enqueued>, Error>;

/// What is asked and answered, one thing at a time.
#[derive(Default)]
pub(crate) struct BlockingBridge {
    asked: Mutex<Option<Vec<NewJob>>>,
    answered: Mutex<Option<Answer>>,
}

impl BlockingBridge {
    /// Asks for the jobs to be stored.
    pub(crate) fn send<'a>(&'a self, jobs: &'a [NewJob]) -> StoreFuture<'a, Vec<Enqueued>> {
        Box::pin(async move {
            *lock(&self.asked) = Some(jobs.to_vec());
            poll_fn(|_| lock(&self.answered).take().map_or(Poll::Pending, Poll::Ready)).await
        })
    }

    /// Runs `future` to its end, doing what it asks for.
    ///
    /// # Errors
    /// That of the future, or it waits for something else.
    pub(crate) fn run<T>(
        &self,
        future: impl Future<Output = Result<T, Error>>,
        mut store: impl FnMut(&[NewJob]) -> Answer,
    ) -> Result<T, Error> {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
                return result;
            }
            let asked = lock(&self.asked).take().ok_or_else(waits)?;
            *lock(&self.answered) = Some(store(&asked));
        }
    }
}

fn waits() -> Error {
    Error::invalid(
        "a callback around this enqueue waits for something, which a transaction that blocks its thread cannot do: roll \
         it back, and let the callback return at once, or gather the job with `jobs.hold()` and enqueue it after the commit",
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
