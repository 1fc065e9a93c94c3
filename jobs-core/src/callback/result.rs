//! What the functions of callbacks may return, and the one form that all of it becomes.

use std::future::Future;
use std::pin::Pin;

use crate::failure::Failure;

/// Returned by a before callback to stop the enqueue or perform that it precedes. It is not an error.
///
/// An after callback may return it too: the after callbacks that would follow are then skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt;

/// The result of a callback.
pub type Verdict = Result<(), Stop>;

/// Why a callback stops the job.
#[derive(Debug)]
pub enum Stop {
    /// On purpose; the job counts as done.
    Halt,
    /// The callback failed; the job's rules decide, as if its perform had failed.
    Failed(Failure),
}

/// A boxed future of a callback.
pub type CallbackFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// What a callback's function may return: nothing, a `Result` with [`Halt`] or an error, or a future of these.
///
/// `Kind` is inferred; the macro writes the call.
#[diagnostic::on_unimplemented(
    message = "a callback cannot return `{Self}`",
    note = "a callback is a plain or async function that returns `()`, `Result<(), Halt>` or `Result<(), E>`"
)]
pub trait IntoVerdict<Kind>: Send {
    /// The result in its one form.
    fn into_verdict(self) -> impl Future<Output = Verdict> + Send;
}

/// `Kind` of what a plain function returns.
#[derive(Debug)]
pub enum Plain {}

/// `Kind` of what an async function returns.
#[derive(Debug)]
pub enum Async {}

/// What a plain callback returns, and what an async one resolves to.
pub trait Answer: Send {
    /// The result in its one form.
    ///
    /// # Errors
    /// The callback stops the job.
    fn verdict(self) -> Verdict;
}

impl Answer for () {
    fn verdict(self) -> Verdict {
        Ok(())
    }
}

impl<E: Into<Stop> + Send> Answer for Result<(), E> {
    fn verdict(self) -> Verdict {
        self.map_err(Into::into)
    }
}

impl From<Halt> for Stop {
    fn from(_: Halt) -> Self {
        Self::Halt
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(Failure::from_error(error))
    }
}

impl IntoVerdict<Plain> for () {
    async fn into_verdict(self) -> Verdict {
        self.verdict()
    }
}

impl<E: Into<Stop> + Send> IntoVerdict<Plain> for Result<(), E> {
    async fn into_verdict(self) -> Verdict {
        self.verdict()
    }
}

impl<F: Future<Output: Answer> + Send> IntoVerdict<Async> for F {
    async fn into_verdict(self) -> Verdict {
        self.await.verdict()
    }
}

/// The result of a callback in its one form. The macro writes the call.
pub fn verdict<'a, Kind: 'a>(answer: impl IntoVerdict<Kind> + 'a) -> CallbackFuture<'a, Verdict> {
    Box::pin(answer.into_verdict())
}

/// As [`verdict`], for a function that has nothing to halt: an around callback, or one that is called about a failure.
pub fn told<'a, Kind: 'a>(answer: impl IntoVerdict<Kind> + 'a) -> CallbackFuture<'a, Result<(), Failure>> {
    let answer = answer.into_verdict();
    Box::pin(async {
        match answer.await {
            Ok(()) | Err(Stop::Halt) => Ok(()),
            Err(Stop::Failed(failure)) => Err(failure),
        }
    })
}
