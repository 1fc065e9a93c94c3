//! The rules of a policy.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitStr, Pat, Path, Type};

use super::DurationValue;

/// One rule.
pub(crate) struct Rule {
    pub(crate) matcher: Matcher,
    /// The text of the matcher: the key of the stored counter.
    pub(crate) text: String,
    /// The tokens of the matcher: messages point at them.
    pub(crate) tokens: TokenStream,
    pub(crate) response: Response,
}

/// Which failures a rule is about.
pub(crate) enum Matcher {
    Any,
    /// `DeserializeError`, `Panic` or `TimedOut` of the library.
    Builtin(Ident),
    Type(Type),
    Cause(Type),
    Pattern(Box<Pat>, Option<Box<Expr>>),
    Predicate(Path),
    /// Any of these, each with its text. They share one counter.
    OneOf(Vec<(Matcher, String)>),
}

impl Matcher {
    /// Whether it is about values of the job's own error type.
    pub(crate) fn needs_the_error_type(&self) -> bool {
        match self {
            Self::Pattern(..) | Self::Predicate(_) => true,
            Self::OneOf(parts) => parts.iter().any(|(part, _)| part.needs_the_error_type()),
            _ => false,
        }
    }

    /// Whether it is about the error that the job's function returns, and not a panic or a time-out. A cause may be that
    /// of a `DeserializeError`.
    pub(crate) fn is_about_the_jobs_error(&self) -> bool {
        match self {
            Self::Type(_) => true,
            Self::OneOf(parts) => parts.iter().all(|(part, _)| part.is_about_the_jobs_error()),
            _ => self.needs_the_error_type(),
        }
    }

    /// The error types that it names.
    pub(crate) fn types(&self) -> Vec<&Type> {
        match self {
            Self::Type(ty) | Self::Cause(ty) => vec![ty],
            Self::OneOf(parts) => parts.iter().flat_map(|(part, _)| part.types()).collect(),
            _ => Vec::new(),
        }
    }
}

/// What a rule does.
pub(crate) enum Response {
    Retry(Box<Retry>),
    Discard { callback: Option<Path> },
    Rescue { callback: Path },
}

/// How a job is retried.
#[derive(Default)]
pub(crate) struct Retry {
    pub(crate) wait: Option<Wait>,
    pub(crate) attempts: Option<Attempts>,
    pub(crate) jitter: Option<Jitter>,
    pub(crate) queue: Option<LitStr>,
    pub(crate) priority: Option<Expr>,
    /// The function that is called when no attempt is left.
    pub(crate) exhausted: Option<Path>,
}

/// The wait before the next attempt.
pub(crate) enum Wait {
    Duration(DurationValue),
    Polynomial,
    Exponential,
}

/// How waits differ at random.
pub(crate) enum Jitter {
    Full,
    Fraction(Expr),
}

/// The number of attempts.
pub(crate) enum Attempts {
    Unlimited,
    AtMost(Expr),
}
