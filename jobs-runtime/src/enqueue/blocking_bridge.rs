//! Connects an async enqueue with a blocking connection that must not leave its thread.
//!
//! The future requests a storing and waits. The caller that polls it holds the connection, does what is requested and
//! polls again. So async callbacks work with a connection that is not `Send`, and nothing blocks.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use jobs_core::{Enqueued, Error, NewJob};

use crate::checked_store::caught;

type BridgeReply = Result<Vec<Enqueued>, Error>;

/// One request and its answer at a time.
#[derive(Default)]
pub(crate) struct BlockingBridge {
    request: Mutex<Option<Vec<NewJob>>>,
    answer: Mutex<Option<BridgeReply>>,
}

impl BlockingBridge {
    /// Requests that the jobs are stored, and waits for the answer.
    pub(crate) async fn send(&self, jobs: &[NewJob]) -> BridgeReply {
        *lock(&self.request) = Some(jobs.to_vec());
        poll_fn(|_| lock(&self.answer).take().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Runs `future` to its end and answers its requests with `store`.
    ///
    /// # Errors
    /// That of the future, or it waits for something else.
    pub(crate) fn run<T, E: From<Error>>(
        &self,
        future: impl Future<Output = Result<T, E>>,
        mut store: impl FnMut(&[NewJob]) -> BridgeReply,
    ) -> Result<T, E> {
        let mut future = pin!(future);
        let mut context = Context::from_waker(Waker::noop());
        loop {
            if let Poll::Ready(result) = future.as_mut().poll(&mut context) {
                return result;
            }
            let request = lock(&self.request).take().ok_or_else(waits)?;
            *lock(&self.answer) = Some(caught("enqueue in a transaction", || store(&request)));
        }
    }
}

fn waits() -> Error {
    Error::invalid(
        "a callback around this enqueue waits for something, which a transaction that blocks its thread cannot do: roll \
         it back, and let the callback return at once, or gather the job with `client.after_commit()` and enqueue it after the commit",
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
