//! Keeps panics of foreign code from spreading, and limits the time of a future.

use std::any::Any;
use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use jobs_core::callback::CallbackFuture;
use jobs_core::{ErrorRecord, Failure, Panic, TimedOut};

use crate::panic_place;

/// Runs `future`, at most for `limit`; a panic in it is a failure.
///
/// If it is dropped, the user's future is dropped at its current await.
pub(crate) async fn run_guarded<T>(
    future: CallbackFuture<'_, Result<T, Failure>>,
    limit: Option<Duration>,
) -> Result<T, Failure> {
    let mut guarded = GuardedFuture::new(future);
    let run = poll_fn(|context| guarded.poll_with(context, panic_of));
    let run = async { run.await.unwrap_or_else(|panic| Err(Failure::from_error(panic))) };
    let Some(limit) = limit else { return run.await };
    let timed_out = |_| Err(Failure::from_error(TimedOut { after: limit }));
    tokio::time::timeout(limit, run).await.unwrap_or_else(timed_out)
}

/// The record of a failure. The messages of its causes are made by the user's code: if that panics, they are left out.
pub(crate) fn record_of(failure: &Failure) -> ErrorRecord {
    catch_panic(|| failure.record()).unwrap_or_else(|_| ErrorRecord::new(failure.class(), failure.message()))
}

/// Polls a future of the user; a panic in it is an error.
pub(crate) fn poll_caught<F: Future>(future: Pin<&mut F>, context: &mut Context<'_>) -> Poll<Result<F::Output, Panic>> {
    match catch_panic(|| future.poll(context)) {
        Ok(polled) => polled.map(Ok),
        Err(panic) => Poll::Ready(Err(panic)),
    }
}

/// Calls a function of the user; a panic in it is an error.
pub(crate) fn catch_panic<T>(function: impl FnOnce() -> T) -> Result<T, Panic> {
    catch(function, panic_of)
}

/// Calls a function of which a panic has no effect but that there is no value. The place of a panic that goes on on this thread is
/// kept.
pub(crate) fn ignore_panic<T>(function: impl FnOnce() -> T) -> Option<T> {
    let place = panic_place::take();
    let value = catch_panic(function).ok();
    panic_place::set(place);
    value
}

/// Calls a function; the error is the message of its panic.
pub(crate) fn catch_payload<T>(function: impl FnOnce() -> T) -> Result<T, String> {
    catch(function, message_of)
}

fn catch<T, P>(function: impl FnOnce() -> T, read: impl FnOnce(&(dyn Any + Send)) -> P) -> Result<T, P> {
    panic_place::set(None);
    // What the function left half done is not used again.
    catch_unwind(AssertUnwindSafe(function)).map_err(|payload| {
        let panic = read(&*payload);
        // The payload of a panic may panic itself when it is dropped.
        let _second = catch_unwind(AssertUnwindSafe(|| drop(payload)));
        panic
    })
}

fn panic_of(payload: &(dyn Any + Send)) -> Panic {
    Panic::caught(payload).at(panic_place::take())
}

fn message_of(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "a panic without a message".to_owned())
}

/// A boxed future whose panics are caught, also those of its destructors.
pub(crate) struct GuardedFuture<'a, T>(Option<Pin<Box<dyn Future<Output = T> + Send + 'a>>>);

impl<'a, T> GuardedFuture<'a, T> {
    pub(crate) fn new(future: Pin<Box<dyn Future<Output = T> + Send + 'a>>) -> Self {
        Self(Some(future))
    }

    /// Polls it; the error is the message of its panic.
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, String>> {
        self.poll_with(context, message_of)
    }

    fn poll_with<P>(
        &mut self,
        context: &mut Context<'_>,
        read: impl FnOnce(&(dyn Any + Send)) -> P,
    ) -> Poll<Result<T, P>> {
        let Some(future) = &mut self.0 else { return Poll::Pending };
        match catch(|| future.as_mut().poll(context), read) {
            Ok(Poll::Pending) => Poll::Pending,
            Ok(Poll::Ready(output)) => Poll::Ready(Ok(output)),
            Err(panic) => Poll::Ready(Err(panic)),
        }
    }
}

impl<T> Drop for GuardedFuture<'_, T> {
    fn drop(&mut self) {
        let future = self.0.take();
        // The future may be dropped while the place of another panic is not read yet.
        ignore_panic(|| drop(future));
    }
}
