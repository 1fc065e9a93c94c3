//! How long to wait before the next attempt, and how many attempts there are.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::Jitter;
use crate::failure::Failure;

/// When to try again after an error: `retry_on(.., wait = .., attempts = .., jitter = ..)`.
///
/// The default is Active Job's: wait 3 s, 5 attempts in all, jitter 0.15.
#[derive(Clone, Debug)]
pub struct RetryPolicy {
    wait: Wait,
    attempts: Attempts,
    jitter: Option<Jitter>,
}

/// Active Job's default wait.
pub const DEFAULT_WAIT: Duration = Duration::from_secs(3);

/// No wait is longer than this: 3650 days. It keeps sums far from overflow, and growing waits within what
/// stores can represent.
///
/// The attribute refuses a longer literal. A longer constant, a longer sum with jitter, and a longer result of a
/// function are reduced to it.
pub const LONGEST_WAIT: Duration = Duration::from_secs(3650 * 24 * 60 * 60);

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { wait: Wait::Fixed(DEFAULT_WAIT), attempts: Attempts::AtMost(5), jitter: None }
    }
}

impl RetryPolicy {
    /// The default policy.
    pub fn new() -> Self {
        Self::default()
    }

    /// Another wait: a [`Duration`] or a [`Wait`].
    pub fn wait(mut self, wait: impl Into<Wait>) -> Self {
        self.wait = wait.into();
        self
    }

    /// How many executions may end in this error, including the first. 1 means no retry; 0 is read as 1, with a warning in the
    /// log when the runtime is built.
    pub fn attempts(mut self, attempts: impl Into<Attempts>) -> Self {
        self.attempts = attempts.into();
        self
    }

    /// How waits differ at random: a fraction that may be added, as 0.15 for up to 15 %, or [`Jitter::Full`].
    ///
    /// Without it the [policy's](crate::Policy::jitter) is used, else 0.15.
    pub fn jitter(mut self, jitter: impl Into<Jitter>) -> Self {
        self.jitter = Some(jitter.into());
        self
    }

    /// Whether the program asked for 0 attempts.
    pub(super) fn has_no_attempts(&self) -> bool {
        self.attempts == Attempts::AtMost(0)
    }

    /// This policy, with this jitter if it sets none itself.
    pub(super) fn or_jitter(&self, jitter: Option<Jitter>) -> Self {
        Self { jitter: self.jitter.or(jitter), ..self.clone() }
    }

    /// The wait before the next attempt after the error has been counted `count` times; `None` if there is none.
    ///
    /// `random` is 64 random bits for the jitter. A computed wait gets no jitter of any kind, as in Active Job: the
    /// function has the last word, for example because a server said how long to wait.
    pub fn next_wait(&self, count: u32, failure: &Failure, random: u64) -> Option<Duration> {
        if !self.attempts.allow_another(count) {
            return None;
        }
        Some(self.wait.after(count, failure, self.jitter.unwrap_or_default(), random).min(LONGEST_WAIT))
    }
}

/// How many executions may end in an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempts {
    /// This many, including the first.
    AtMost(u32),
    /// No limit.
    Unlimited,
}

impl Attempts {
    const fn allow_another(self, count: u32) -> bool {
        match self {
            Self::AtMost(most) => count < most,
            Self::Unlimited => true,
        }
    }
}

impl From<u32> for Attempts {
    fn from(most: u32) -> Self {
        Self::AtMost(most)
    }
}

/// A function that computes a wait from the error and its count.
pub type ComputedWait = Arc<dyn Fn(u32, &Failure) -> Duration + Send + Sync>;

/// The wait before an attempt.
#[derive(Clone)]
#[non_exhaustive]
pub enum Wait {
    /// The same each time, plus jitter.
    Fixed(Duration),
    /// `n⁴ + 2` seconds: 3, 18, 83, 258, 627 (Active Job's `:polynomially_longer`). A fraction is of the `n⁴`, as there.
    PolynomiallyLonger,
    /// `2ⁿ` seconds, at most the cap: 2, 4, 8, 16 (the cap is a day unless another is given).
    ExponentiallyLonger {
        /// The longest wait, before jitter: jobs that reached it should not all come back at once.
        cap: Duration,
    },
    /// The result of the function, without jitter.
    Computed(ComputedWait),
}

impl Wait {
    /// `2ⁿ` seconds, at most a day.
    pub const fn exponentially_longer() -> Self {
        Self::ExponentiallyLonger { cap: Duration::from_secs(24 * 60 * 60) }
    }

    fn after(&self, count: u32, failure: &Failure, jitter: Jitter, random: u64) -> Duration {
        let randomized = |wait: Duration| jitter.apply(wait.min(LONGEST_WAIT), random);
        match self {
            Self::Fixed(wait) => randomized(*wait),
            Self::PolynomiallyLonger => {
                const LEAST: Duration = Duration::from_secs(2);
                let power = Duration::from_secs(u64::from(count).saturating_pow(4));
                match jitter {
                    Jitter::Full => randomized(power.saturating_add(LEAST)),
                    Jitter::Fraction(_) => randomized(power).saturating_add(LEAST),
                }
            }
            Self::ExponentiallyLonger { cap } => {
                let power = 2_u64.saturating_pow(count);
                randomized(Duration::from_secs(power).min(*cap))
            }
            Self::Computed(compute) => compute(count, failure),
        }
    }
}

/// What `wait =` accepts: a duration, a [`Wait`], or a function of the count and, optionally, of the error.
///
/// `Kind` is inferred; the macro writes the call.
#[diagnostic::on_unimplemented(
    message = "`wait` cannot be a `{Self}`",
    note = "it is a `Duration`, or a function `fn(count: u32) -> Duration` or `fn(count: u32, error: &E) -> Duration`, \
            where `E` is an error type or `Failure`"
)]
pub trait IntoWait<Kind> {
    /// The wait.
    fn into_wait(self) -> Wait;
}

/// `Kind` of types that convert into a [`Wait`].
#[derive(Debug)]
pub enum Given {}

/// `Kind` of a function of the count.
#[derive(Debug)]
pub enum Counted {}

/// `Kind` of a function of the count and any failure.
#[derive(Debug)]
pub enum Whole {}

/// `Kind` of a function of the count and an error of type `E`.
#[derive(Debug)]
pub struct Raised<E>(std::marker::PhantomData<E>);

impl<W: Into<Wait>> IntoWait<Given> for W {
    fn into_wait(self) -> Wait {
        self.into()
    }
}

impl<F: Fn(u32) -> Duration + Send + Sync + 'static> IntoWait<Counted> for F {
    fn into_wait(self) -> Wait {
        Wait::Computed(Arc::new(move |count, _| self(count)))
    }
}

impl<F: Fn(u32, &Failure) -> Duration + Send + Sync + 'static> IntoWait<Whole> for F {
    fn into_wait(self) -> Wait {
        Wait::Computed(Arc::new(self))
    }
}

/// The error itself or a cause of it. A failure without an `E`, as a panic, waits as long as with a rule without
/// `wait`.
impl<E: StdError + 'static, F: Fn(u32, &E) -> Duration + Send + Sync + 'static> IntoWait<Raised<E>> for F {
    fn into_wait(self) -> Wait {
        Wait::Computed(Arc::new(move |count, failure| failure.find().map_or(DEFAULT_WAIT, |error| self(count, error))))
    }
}

/// [`IntoWait::into_wait`] with the kind inferred.
pub fn wait<Kind>(wait: impl IntoWait<Kind>) -> Wait {
    wait.into_wait()
}

impl From<Duration> for Wait {
    fn from(wait: Duration) -> Self {
        Self::Fixed(wait)
    }
}

impl fmt::Debug for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fixed(wait) => write!(f, "Fixed({wait:?})"),
            Self::PolynomiallyLonger => f.write_str("PolynomiallyLonger"),
            Self::ExponentiallyLonger { cap } => write!(f, "ExponentiallyLonger(cap {cap:?})"),
            Self::Computed(_) => f.write_str("Computed"),
        }
    }
}
