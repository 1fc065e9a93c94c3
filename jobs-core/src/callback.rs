//! Functions around enqueue and perform. They may alter and halt; events may not.

use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::failure::Failure;
use crate::{Context, Due, Job};

/// What a callback is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// The job goes into the store.
    Enqueue,
    /// The job runs.
    Perform,
}

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

/// The rest of the chain, as an around callback sees it.
pub struct Next<'a> {
    rest: CallbackFuture<'a, Result<(), Failure>>,
}

impl<'a> Next<'a> {
    /// The rest is this future.
    pub fn new(rest: CallbackFuture<'a, Result<(), Failure>>) -> Self {
        Self { rest }
    }

    /// Goes on with the rest: inner callbacks and the body.
    ///
    /// Dropping it drops the rest at its present await.
    ///
    /// A callback that never calls it skips the body; the job then counts as done.
    ///
    /// # Errors
    /// The failure of the rest. Hand it on, or the job's rules never see it.
    pub async fn run(self) -> Result<(), Failure> {
        self.rest.await
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Next")
    }
}

type Erased = dyn Any + Send + Sync;
type Around =
    Arc<dyn for<'a> Fn(&'a Context, &'a Erased, Next<'a>) -> CallbackFuture<'a, Result<(), Failure>> + Send + Sync>;
type Beside = Arc<dyn for<'a> Fn(&'a Context, &'a Erased) -> CallbackFuture<'a, Verdict> + Send + Sync>;
type OnEnqueue = Arc<dyn for<'a> Fn(&'a mut Enqueue, &'a Erased) -> CallbackFuture<'a, Verdict> + Send + Sync>;

/// One declared callback.
#[derive(Clone)]
pub struct Callback {
    name: &'static str,
    pub(crate) body: Body,
}

#[derive(Clone)]
pub(crate) enum Body {
    BeforePerform(Beside),
    AfterPerform(Beside),
    AroundPerform(Around),
    BeforeEnqueue(OnEnqueue),
    AfterEnqueue(OnEnqueue),
}

/// Looks at the job as the callback's own type. A base's callbacks take `Erased` and see any job.
fn typed<J: Job>(job: &Erased) -> Option<&J> {
    job.downcast_ref()
}

impl Callback {
    /// Runs before the body; may halt.
    pub fn before_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self { name, body: Body::BeforePerform(beside(call)) }
    }

    /// Runs after a body that succeeded, the last declared first.
    pub fn after_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self { name, body: Body::AfterPerform(beside(call)) }
    }

    /// Runs around the rest of the chain.
    pub fn around_perform<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a Context, &'a J, Next<'a>) -> CallbackFuture<'a, Result<(), Failure>>,
    ) -> Self {
        let call: Around = Arc::new(move |context, job, next| match typed::<J>(job) {
            Some(job) => call(context, job, next),
            None => Box::pin(next.run()),
        });
        Self { name, body: Body::AroundPerform(call) }
    }

    /// Runs before the job is stored; may alter queue, priority and time, and may halt.
    pub fn before_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self { name, body: Body::BeforeEnqueue(on_enqueue(call)) }
    }

    /// Runs after the job was stored.
    pub fn after_enqueue<J: Job>(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue, &'a J) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self { name, body: Body::AfterEnqueue(on_enqueue(call)) }
    }

    /// As [`before_perform`](Self::before_perform), for the jobs of a base, whatever their type.
    pub fn before_any(name: &'static str, call: for<'a> fn(&'a Context) -> CallbackFuture<'a, Verdict>) -> Self {
        Self { name, body: Body::BeforePerform(Arc::new(move |context, _| call(context))) }
    }

    /// As [`after_perform`](Self::after_perform), for the jobs of a base, whatever their type.
    pub fn after_any(name: &'static str, call: for<'a> fn(&'a Context) -> CallbackFuture<'a, Verdict>) -> Self {
        Self { name, body: Body::AfterPerform(Arc::new(move |context, _| call(context))) }
    }

    /// As [`around_perform`](Self::around_perform), for the jobs of a base, whatever their type.
    pub fn around_any(
        name: &'static str,
        call: for<'a> fn(&'a Context, Next<'a>) -> CallbackFuture<'a, Result<(), Failure>>,
    ) -> Self {
        Self { name, body: Body::AroundPerform(Arc::new(move |context, _, next| call(context, next))) }
    }

    /// As [`before_enqueue`](Self::before_enqueue), for the jobs of a base, whatever their type.
    pub fn before_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self { name, body: Body::BeforeEnqueue(Arc::new(move |enqueue, _| call(enqueue))) }
    }

    /// As [`after_enqueue`](Self::after_enqueue), for the jobs of a base, whatever their type.
    pub fn after_any_enqueue(
        name: &'static str,
        call: for<'a> fn(&'a mut Enqueue) -> CallbackFuture<'a, Verdict>,
    ) -> Self {
        Self { name, body: Body::AfterEnqueue(Arc::new(move |enqueue, _| call(enqueue))) }
    }

    /// The name it was declared by.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// What it is about.
    pub const fn moment(&self) -> Moment {
        match self.body {
            Body::BeforePerform(_) | Body::AfterPerform(_) | Body::AroundPerform(_) => Moment::Perform,
            Body::BeforeEnqueue(_) | Body::AfterEnqueue(_) => Moment::Enqueue,
        }
    }
}

fn beside<J: Job>(call: for<'a> fn(&'a Context, &'a J) -> CallbackFuture<'a, Verdict>) -> Beside {
    Arc::new(move |context, job| match typed::<J>(job) {
        Some(job) => call(context, job),
        None => Box::pin(async { Ok(()) }),
    })
}

fn on_enqueue<J: Job>(call: for<'a> fn(&'a mut Enqueue, &'a J) -> CallbackFuture<'a, Verdict>) -> OnEnqueue {
    Arc::new(move |enqueue, job| match typed::<J>(job) {
        Some(job) => call(enqueue, job),
        None => Box::pin(async { Ok(()) }),
    })
}

impl fmt::Debug for Callback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Callback({:?} {})", self.moment(), self.name)
    }
}

/// A job on its way into the store, as enqueue callbacks see it. All of it may be altered before.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Enqueue {
    /// The name of the job.
    pub name: &'static str,
    /// The queue it goes to.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// When it may run first.
    pub due: Due,
    /// The arguments as JSON text.
    pub arguments: String,
}

impl Enqueue {
    /// A job of this name with these arguments on its way to this queue: priority 0, due now.
    pub fn new(name: &'static str, queue: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self { name, queue: queue.into(), priority: 0, due: Due::Now, arguments: arguments.into() }
    }
}

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
