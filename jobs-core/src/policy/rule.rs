//! What to do about which failure: `retry_on`, `discard_on`, `rescue_from`.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::failure::{Failure, error_chain};
use crate::{Context, RetryPolicy};

/// Which failures a rule is about, and the words it was declared with.
#[derive(Clone)]
pub struct Matcher {
    words: &'static str,
    test: Test,
}

type Predicate = Arc<dyn Fn(&Failure) -> bool + Send + Sync>;

#[derive(Clone)]
enum Test {
    Any,
    /// About the error as a whole.
    Whole(Predicate),
    /// About the error itself, or one layer of the chain of causes.
    Type {
        itself: fn(&Failure) -> bool,
        layer: fn(&(dyn StdError + 'static)) -> bool,
    },
    /// What any of these is about.
    OneOf(Arc<[Matcher]>),
}

impl Matcher {
    /// Every failure, after all other matchers of the same level.
    pub const fn any() -> Self {
        Self { words: "any", test: Test::Any }
    }

    /// The error type `T`, itself or as a cause of what was raised.
    pub fn error<T: StdError + 'static>(words: &'static str) -> Self {
        // The error itself is asked too: a job written by hand may offer no view of it.
        let itself = |failure: &Failure| failure.downcast_ref::<T>().is_some();
        Self { words, test: Test::Type { itself, layer: |error| error_chain::as_a::<T>(error).is_some() } }
    }

    /// A pattern or predicate over the job's own error type `E`.
    pub fn pattern<E: Send + Sync + 'static>(words: &'static str, test: fn(&E) -> bool) -> Self {
        Self { words, test: Test::Whole(Arc::new(move |failure| failure.downcast_ref().is_some_and(test))) }
    }

    /// A predicate over the failure of whatever kind.
    pub fn predicate(words: &'static str, test: fn(&Failure) -> bool) -> Self {
        Self { words, test: Test::Whole(Arc::new(test)) }
    }

    /// What any of these is about, so that they share one counter.
    pub fn one_of(words: &'static str, matchers: impl IntoIterator<Item = Self>) -> Self {
        Self { words, test: Test::OneOf(matchers.into_iter().collect()) }
    }

    /// The words it was declared with: the key of its counter.
    pub const fn words(&self) -> &'static str {
        self.words
    }

    fn is_any(&self) -> bool {
        match &self.test {
            Test::Any => true,
            Test::OneOf(matchers) => matchers.iter().any(Self::is_any),
            Test::Whole(_) | Test::Type { .. } => false,
        }
    }

    fn matches(&self, failure: &Failure, layer: Option<&(dyn StdError + 'static)>, depth: usize) -> bool {
        match &self.test {
            Test::Any => false,
            Test::Whole(test) => depth == 0 && test(failure),
            Test::Type { itself, layer: test } => (depth == 0 && itself(failure)) || layer.is_some_and(test),
            Test::OneOf(matchers) => matchers.iter().any(|one| one.matches(failure, layer, depth)),
        }
    }
}

impl fmt::Debug for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Matcher({})", self.words)
    }
}

/// The future of a [`FailureCallback`].
pub type FailureFuture<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// A function that is told about a failure: `exhausted`, `rescue_from`, `after_discard`.
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
    /// Drop the job.
    Discard,
    /// Call the function; the job counts as finished unless it fails in its turn.
    Rescue(FailureCallback),
}

/// One declaration: which failures, and what to do about them.
#[derive(Clone)]
pub struct Rule {
    pub(crate) matcher: Matcher,
    pub(crate) response: Response,
    pub(crate) queue: Option<&'static str>,
    pub(crate) priority: Option<i32>,
    pub(crate) told: Option<FailureCallback>,
}

impl Rule {
    /// Try again by this policy.
    pub fn retry(matcher: Matcher, policy: RetryPolicy) -> Self {
        Self::new(matcher, Response::Retry(policy))
    }

    /// Drop the job.
    pub fn discard(matcher: Matcher) -> Self {
        Self::new(matcher, Response::Discard)
    }

    /// Call the function instead.
    pub fn rescue(matcher: Matcher, callback: FailureCallback) -> Self {
        Self::new(matcher, Response::Rescue(callback))
    }

    fn new(matcher: Matcher, response: Response) -> Self {
        Self { matcher, response, queue: None, priority: None, told: None }
    }

    /// The queue of the attempts that follow.
    pub fn queue(mut self, queue: &'static str) -> Self {
        self.queue = Some(queue);
        self
    }

    /// The priority of the attempts that follow.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// Called when this rule gives up: retries exhausted, or the job discarded.
    ///
    /// An exhausted retry with such a function counts as handled: the job is discarded, not failed
    /// (Active Job's block of `retry_on`).
    pub fn when_given_up(mut self, callback: FailureCallback) -> Self {
        self.told = Some(callback);
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
        write!(f, "{verb}({})", self.matcher.words)
    }
}

/// The rule of one level that answers `failure`: for the error, then for each of its causes, the first
/// specific rule from top to bottom; if there is none, the first `any`.
pub(crate) fn select<'a>(rules: &'a [Rule], failure: &Failure) -> Option<&'a Rule> {
    let causes = std::iter::once(failure.layers().next()).chain(failure.layers().skip(1).map(Some));
    let specific = causes
        .enumerate()
        .find_map(|(depth, layer)| rules.iter().find(|rule| rule.matcher.matches(failure, layer, depth)));
    specific.or_else(|| rules.iter().find(|rule| rule.matcher.is_any()))
}
