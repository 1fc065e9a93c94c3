//! What an attribute says, read but not yet compared with the function.

use std::time::Duration;

use proc_macro2::{Ident, TokenStream};
use syn::{Expr, LitStr, Path};

use crate::parse::callback::{Callback, Skip};
use crate::parse::rule::Rule;
use crate::parse::schedule::MissedTicks;
use crate::parse::unique::Unique;

/// The keys of `#[job]` and `#[base]`.
#[derive(Default)]
pub(crate) struct Attribute {
    /// The keys that were written, also those whose values are wrong.
    pub(crate) mentioned: Vec<&'static str>,
    pub(crate) queue: Option<Queue>,
    pub(crate) priority: Option<Expr>,
    pub(crate) name: Option<LitStr>,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) version: Option<Expr>,
    pub(crate) upgrade: Option<Path>,
    pub(crate) timeout: Option<DurationValue>,
    pub(crate) blocking: Option<()>,
    pub(crate) base: Option<Path>,
    pub(crate) rename: Option<Ident>,
    pub(crate) krate: Option<Path>,
    pub(crate) log_arguments: Option<syn::LitBool>,
    pub(crate) redact: Vec<Ident>,
    pub(crate) unique: Option<Unique>,
    pub(crate) cron: Option<LitStr>,
    pub(crate) every: Option<DurationValue>,
    pub(crate) zone: Option<LitStr>,
    /// With the tokens it was written in.
    pub(crate) missed: Option<(MissedTicks, TokenStream)>,
    pub(crate) jitter: Option<Expr>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) after_discard: Vec<Path>,
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) skips: Vec<Skip>,
}

impl Attribute {
    /// Whether the key is there, rightly or wrongly.
    pub(crate) fn mentions(&self, key: &str) -> bool {
        self.mentioned.contains(&key)
    }
}

/// Where jobs go.
pub(crate) enum Queue {
    Named(LitStr),
    Chosen(Path),
}

/// A duration that is known here, or an expression for one.
pub(crate) enum DurationValue {
    Known(Duration),
    Expression(Expr),
}
