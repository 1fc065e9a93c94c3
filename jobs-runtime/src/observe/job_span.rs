//! Polls a future within a `tracing` span, whose subscriber is foreign code: a panic of it costs log lines, never the future.

use std::future::{Future, poll_fn};
use std::mem;
use std::pin::{Pin, pin};

use tracing::Span;

use crate::guard::ignore_panic;

/// Creates a span; none if the subscriber panics.
pub(crate) fn created(span: impl FnOnce() -> Span) -> Span {
    ignore_panic(span).unwrap_or_else(Span::none)
}

/// Runs `future` within the span, in which it is also dropped. As cancel safe as the future.
pub(crate) async fn in_span<F: Future>(span: Span, future: F) -> F::Output {
    let mut in_span = InSpan { span, future: pin!(Some(future)) };
    poll_fn(|context| {
        let Some(future) = in_span.future.as_mut().as_pin_mut() else { return std::task::Poll::Pending };
        entered(&in_span.span, || future.poll(context))
    })
    .await
}

struct InSpan<'a, F> {
    span: Span,
    /// `None` once it is dropped.
    future: Pin<&'a mut Option<F>>,
}

impl<F> Drop for InSpan<'_, F> {
    fn drop(&mut self) {
        let span = mem::replace(&mut self.span, Span::none());
        entered(&span, || self.future.set(None));
        ignore_panic(|| drop(span));
    }
}

/// Calls `work` within the span.
pub(crate) fn entered<T>(span: &Span, work: impl FnOnce() -> T) -> T {
    ignore_panic(|| span.with_subscriber(|(id, subscriber)| subscriber.enter(id)));
    let _exit = Exit(span);
    work()
}

/// Leaves the span when it is dropped, also after a panic: within that, a panic of the subscriber would abort the process.
struct Exit<'a>(&'a Span);

impl Drop for Exit<'_> {
    fn drop(&mut self) {
        // Also if `enter` panicked: one layer of several did, and the others are within the span.
        ignore_panic(|| self.0.with_subscriber(|(id, subscriber)| subscriber.exit(id)));
    }
}
