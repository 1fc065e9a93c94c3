//! Which failures a rule applies to.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

use crate::failure::{Failure, error_chain};

/// Which failures a rule applies to, and the text it was declared with.
#[derive(Clone)]
pub struct Matcher {
    words: &'static str,
    test: Test,
}

type Predicate = Arc<dyn Fn(&Failure) -> bool + Send + Sync>;

#[derive(Clone)]
enum Test {
    Any,
    /// Of the error as a whole.
    Whole(Predicate),
    /// Of the error itself, or of one layer of its chain of causes.
    Type {
        itself: fn(&Failure) -> bool,
        layer: fn(&(dyn StdError + 'static)) -> bool,
    },
    OneOf(Arc<[Matcher]>),
}

impl Matcher {
    /// Every failure, after all other matchers of the same level.
    pub const fn any() -> Self {
        Self { words: "any", test: Test::Any }
    }

    /// The error type `T`: the error itself or one of its causes.
    pub fn error<T: StdError + 'static>(words: &'static str) -> Self {
        // The error itself is tested too: a manual implementation of `Job` may offer no view of it.
        let itself = |failure: &Failure| failure.downcast_ref::<T>().is_some();
        Self { words, test: Test::Type { itself, layer: |error| error_chain::as_a::<T>(error).is_some() } }
    }

    /// A pattern or predicate on the job's own error type `E`.
    pub fn pattern<E: Send + Sync + 'static>(words: &'static str, test: fn(&E) -> bool) -> Self {
        Self { words, test: Test::Whole(Arc::new(move |failure| failure.downcast_ref().is_some_and(test))) }
    }

    /// A predicate on failures of any kind.
    pub fn predicate(words: &'static str, test: fn(&Failure) -> bool) -> Self {
        Self { words, test: Test::Whole(Arc::new(test)) }
    }

    /// The failures that any of these matches, with one shared counter.
    pub fn one_of(words: &'static str, matchers: impl IntoIterator<Item = Self>) -> Self {
        Self { words, test: Test::OneOf(matchers.into_iter().collect()) }
    }

    /// The text it was declared with: the key of its counter.
    pub const fn words(&self) -> &'static str {
        self.words
    }

    pub(super) fn is_any(&self) -> bool {
        match &self.test {
            Test::Any => true,
            Test::OneOf(matchers) => matchers.iter().any(Self::is_any),
            Test::Whole(_) | Test::Type { .. } => false,
        }
    }

    pub(super) fn matches(&self, failure: &Failure, layer: Option<&(dyn StdError + 'static)>, depth: usize) -> bool {
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

/// States at compile time that an error of type `Self` can be caused by a `T`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can never be caused by `{T}`",
    label = "the job's error is `{Self}`",
    note = "name a variant with `matches {Self}::Variant`, derive `From<{T}>` for `{Self}`, or write `cause {T}` to look for it unchecked; `any` is every error"
)]
pub trait Raises<T> {
    /// What matches a `T`, itself or as a cause. The macro writes the call.
    fn raised(words: &'static str) -> Matcher;
}

#[diagnostic::do_not_recommend]
impl<E: From<T>, T: StdError + 'static> Raises<T> for E {
    fn raised(words: &'static str) -> Matcher {
        Matcher::error::<T>(words)
    }
}
