//! Answers of a store in memory without an executor.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

/// The answer of a store in memory, which is ready at the first poll.
pub(crate) fn at_once<T, E: std::fmt::Debug>(mut future: Pin<Box<dyn Future<Output = Result<T, E>> + Send + '_>>) -> T {
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(answer)) => answer,
        Poll::Ready(Err(error)) => panic!("{error:?}"),
        Poll::Pending => panic!("a store in memory answers at once"),
    }
}
