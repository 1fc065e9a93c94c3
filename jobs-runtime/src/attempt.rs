//! One guarded run of a future of the user's: panics become failures, time runs out.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use jobs_core::{Failure, Panic, TimedOut};

/// Runs `future`, at most for `limit`; a panic in it is a failure and goes no further.
///
/// Dropping it drops the future of the user at its present await.
pub(crate) async fn guarded<T>(
    future: impl Future<Output = Result<T, Failure>>,
    limit: Option<Duration>,
) -> Result<T, Failure> {
    let Some(limit) = limit else { return caught(future).await };
    match tokio::time::timeout(limit, caught(future)).await {
        Ok(result) => result,
        Err(_) => Err(Failure::from_error(TimedOut { after: limit })),
    }
}

async fn caught<T>(future: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let mut future = pin!(future);
    poll_fn(|context| {
        // After a panic the future is never polled again, so what it left half done is not seen.
        let polled = catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context)));
        polled.unwrap_or_else(|payload| Poll::Ready(Err(Failure::from_error(Panic::caught(&*payload)))))
    })
    .await
}
