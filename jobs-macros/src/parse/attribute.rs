//! The attribute as it is written, before it is compared with the function.

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitBool, LitStr, Path, parse_quote};

use crate::model::{Callback, DurationValue, Jitter, MissedTicks, Rule, Skip, TimeoutValue, UniqueWindow};

/// The keys of `#[job]` and `#[base]`.
#[derive(Default)]
pub(crate) struct Attribute {
    /// The keys that are written, also those with a wrong value.
    pub(crate) mentioned: Vec<&'static str>,
    pub(crate) queue: Option<Choice<LitStr>>,
    pub(crate) priority: Option<Choice<Expr>>,
    pub(crate) name: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) version: Option<Expr>,
    pub(crate) upgrade: Option<Path>,
    pub(crate) timeout: Option<TimeoutValue>,
    pub(crate) expires_in: Option<DurationValue>,
    pub(crate) blocking: bool,
    pub(crate) base: Option<Path>,
    pub(crate) rename: Option<Ident>,
    pub(crate) krate: Option<Path>,
    pub(crate) log_arguments: Option<LitBool>,
    pub(crate) redact: Vec<Ident>,
    pub(crate) unique: Option<Unique>,
    pub(crate) cron: Option<LitStr>,
    pub(crate) every: Option<DurationValue>,
    pub(crate) zone: Option<LitStr>,
    /// With the tokens of its value.
    pub(crate) missed: Option<(MissedTicks, TokenStream)>,
    pub(crate) jitter: Option<Jitter>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) after_discard: Vec<Path>,
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) skips: Vec<Skip>,
}

impl Attribute {
    /// Whether the key is written, also with a wrong value.
    pub(crate) fn mentions(&self, key: &str) -> bool {
        self.mentioned.contains(&key)
    }

    /// The path of the crate `jobs`.
    pub(crate) fn jobs(&self) -> Path {
        self.krate.clone().unwrap_or_else(|| parse_quote!(::jobs))
    }
}

/// A value that is the same for all jobs, or a function of the job that gives it.
pub(crate) enum Choice<T> {
    Constant(T),
    Function(Path),
}

impl<T> Choice<T> {
    pub(crate) fn function(&self) -> Option<&Path> {
        match self {
            Self::Constant(_) => None,
            Self::Function(path) => Some(path),
        }
    }

    /// The value, or the function.
    pub(crate) fn split(choice: Option<Self>) -> (Option<T>, Option<Path>) {
        match choice {
            None => (None, None),
            Some(Self::Constant(value)) => (Some(value), None),
            Some(Self::Function(path)) => (None, Some(path)),
        }
    }
}

/// `unique(..)`.
pub(crate) struct Unique {
    pub(crate) window: UniqueWindow,
    /// An empty list means all arguments.
    pub(crate) by: Choice<Vec<Ident>>,
}
