//! Rules about failures: `retry_on`, `discard_on`, `rescue_from`.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Matcher, RetryPolicy};
use crate::Context;
use crate::failure::Failure;

/// The future of a [`FailureCallback`].
pub type FailureFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// A function that is called about a failure: `exhausted`, `rescue_from`, `after_discard`.
pub type FailureCallback = Arc<dyn for<'a> Fn(&'a Context, &'a Failure) -> FailureFuture<'a> + Send + Sync>;

/// A function as a [`FailureCallback`]. The macro writes the call.
pub fn failure_callback(call: for<'a> fn(&'a Context, &'a Failure) -> FailureFuture<'a>) -> FailureCallback {
    Arc::new(call)
}

/// What a rule does.
#[derive(Clone)]
#[non_exhaustive]
pub enum Response {
    /// Try again by this policy.
    Retry(RetryPolicy),
    /// Discard the job.
    Discard,
    /// Call the function; the job counts as finished unless the function fails too.
    Rescue(FailureCallback),
}

/// One declaration: which failures, and what to do about them.
#[derive(Clone)]
pub struct Rule {
    pub(super) matcher: Matcher,
    pub(super) response: Response,
    pub(super) queue: Option<&'static str>,
    pub(super) priority: Option<i32>,
    pub(super) when_given_up: Option<FailureCallback>,
}

impl Rule {
    /// Try again by this policy.
    pub fn retry(matcher: Matcher, policy: RetryPolicy) -> Self {
        Self::new(matcher, Response::Retry(policy))
    }

    /// Discard the job.
    pub fn discard(matcher: Matcher) -> Self {
        Self::new(matcher, Response::Discard)
    }

    /// Call the function instead.
    pub fn rescue(matcher: Matcher, callback: FailureCallback) -> Self {
        Self::new(matcher, Response::Rescue(callback))
    }

    fn new(matcher: Matcher, response: Response) -> Self {
        Self { matcher, response, queue: None, priority: None, when_given_up: None }
    }

    /// The queue of the following attempts.
    pub fn queue(mut self, queue: &'static str) -> Self {
        self.queue = Some(queue);
        self
    }

    /// The priority of the following attempts.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Called when this rule gives up: retries exhausted, or the job discarded.
    ///
    /// An exhausted retry with such a function counts as handled: the job is discarded, not failed
    /// (Active Job's block of `retry_on`).
    pub fn when_given_up(mut self, callback: FailureCallback) -> Self {
        self.when_given_up = Some(callback);
        self
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.response {
            Response::Retry(_) => "retry_on",
            Response::Discard => "discard_on",
            Response::Rescue(_) => "rescue_from",
        };
        write!(f, "{verb}({})", self.matcher.words())
    }
}

/// The rule of one level that applies to `failure`: for the error, then for each of its causes, the first
/// specific rule from top to bottom; if there is none, the first `any`.
pub(super) fn select<'a>(rules: &'a [Rule], failure: &Failure) -> Option<&'a Rule> {
    let causes = std::iter::once(failure.layers().next()).chain(failure.layers().skip(1).map(Some));
    let specific = causes
        .enumerate()
        .find_map(|(depth, layer)| rules.iter().find(|rule| rule.matcher.matches(failure, layer, depth)));
    specific.or_else(|| rules.iter().find(|rule| rule.matcher.is_any()))
}
