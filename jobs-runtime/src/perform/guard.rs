//! One run_guarded run of a future of the user's: panics become failures, time runs out.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Context, Poll};
use std::time::Duration;

use jobs_core::callback::CallbackFuture;
use jobs_core::{Failure, Panic, TimedOut};

/// Runs `future`, at most for `limit`; a panic in it is a failure and goes no further.
///
/// Dropping it drops the future of the user at its present await.
pub(crate) async fn run_guarded<T>(
    future: CallbackFuture<'_, Result<T, Failure>>,
    limit: Option<Duration>,
) -> Result<T, Failure> {
    let mut guarded = GuardedFuture(Some(future));
    let run = poll_fn(|context| guarded.poll(context));
    let Some(limit) = limit else { return run.await };
    let timed_out = |_| Err(Failure::from_error(TimedOut { after: limit }));
    tokio::time::timeout(limit, run).await.unwrap_or_else(timed_out)
}

/// Calls a function of the user's; a panic in it is an error and goes no further.
pub(crate) fn catch_panic<T>(function: impl FnOnce() -> T) -> Result<T, Panic> {
    // What the function left half done is not looked at again.
    catch_unwind(AssertUnwindSafe(function)).map_err(caught)
}

fn caught(payload: Box<dyn Any + Send>) -> Panic {
    let panic = Panic::caught(&*payload);
    // Even what a panic carries may panic when it is dropped.
    let _second = catch_unwind(AssertUnwindSafe(|| drop(payload)));
    panic
}

/// A future of the user's. Its destructors may panic too, when it is dropped before its end.
struct GuardedFuture<'a, T>(Option<CallbackFuture<'a, Result<T, Failure>>>);

impl<T> GuardedFuture<'_, T> {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<T, Failure>> {
        let Some(future) = &mut self.0 else { return Poll::Pending };
        catch_panic(|| future.as_mut().poll(context))
            .unwrap_or_else(|panic| Poll::Ready(Err(Failure::from_error(panic))))
    }
}

impl<T> Drop for GuardedFuture<'_, T> {
    fn drop(&mut self) {
        let future = self.0.take();
        let _caught = catch_panic(|| drop(future));
    }
}
