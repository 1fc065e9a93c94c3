//! What a callback answers, however it was written.

use std::future::Future;
use std::pin::Pin;

use crate::failure::Failure;

/// Returned by a before callback to stop what it stands before. Not an error: nothing failed.
///
/// An after callback may return it too: the after callbacks that would follow are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt;

/// What a before callback answers.
pub type Verdict = Result<(), Stop>;

/// Why a callback does not let the job go on.
#[derive(Debug)]
pub enum Stop {
    /// On purpose; the job counts as done.
    Halt,
    /// It failed; the job's rules decide, as if its perform had failed.
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
    /// The verdict.
    fn into_verdict(self) -> impl Future<Output = Verdict> + Send;
}

/// `Kind` of a plain function's answer.
#[derive(Debug)]
pub enum Plain {}

/// `Kind` of an async function's answer.
#[derive(Debug)]
pub enum Async {}

/// A callback's plain answer.
pub trait Answer: Send {
    /// The verdict.
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

/// What a callback answered, however it was written. The macro writes the call.
pub fn verdict<'a, Kind: 'a>(answer: impl IntoVerdict<Kind> + 'a) -> CallbackFuture<'a, Verdict> {
    Box::pin(answer.into_verdict())
}

/// As [`verdict`], of a function for which there is nothing to halt: an around callback, or one told of a failure.
pub fn told<'a, Kind: 'a>(answer: impl IntoVerdict<Kind> + 'a) -> CallbackFuture<'a, Result<(), Failure>> {
    let answer = answer.into_verdict();
    Box::pin(async {
        match answer.await {
            Ok(()) | Err(Stop::Halt) => Ok(()),
            Err(Stop::Failed(failure)) => Err(failure),
        }
    })
}
