//! The settings of jobs and bases.

use std::time::Duration;

use syn::{Attribute, Expr, Ident, LitBool, LitStr, Path};

/// The settings that jobs and bases have in common.
pub(crate) struct SharedSettings {
    pub(crate) queue: Option<LitStr>,
    pub(crate) priority: Option<Expr>,
    pub(crate) timeout: Option<TimeoutValue>,
    pub(crate) expires_in: Option<DurationValue>,
    pub(crate) log_arguments: Option<LitBool>,
    pub(crate) base: Option<Path>,
}

/// The settings of a job.
pub(crate) struct JobSettings {
    /// The name it is stored by.
    pub(crate) name: LitStr,
    pub(crate) aliases: Vec<LitStr>,
    pub(crate) version: Option<Expr>,
    /// The redacted arguments.
    pub(crate) redacted: Vec<Ident>,
    /// Their stored keys.
    pub(crate) redact: Vec<String>,
    /// The stored keys of the others, if any argument is redacted.
    pub(crate) redact_except: Option<Vec<String>>,
    pub(crate) unique: Option<UniqueModel>,
    pub(crate) schedule: Option<Schedule>,
    pub(crate) signature: Option<RubySignature>,
    pub(crate) is_remote: bool,
    pub(crate) shared: SharedSettings,
}

/// How the arguments are passed to a method of Ruby, by their stored keys.
pub(crate) struct RubySignature {
    pub(crate) positional: Vec<StoredName>,
    pub(crate) keywords: Vec<StoredName>,
}

/// The stored key of an argument.
pub(crate) struct StoredName {
    pub(crate) cfg: Vec<Attribute>,
    pub(crate) key: String,
}

/// A duration that is known at compile time, or an expression for one.
#[derive(Clone)]
pub(crate) enum DurationValue {
    Known(Duration),
    Expression(Expr),
}

/// The longest time that an attempt may take.
pub(crate) enum TimeoutValue {
    /// `none`: any time.
    Never,
    After(DurationValue),
}

/// Which jobs are duplicates, and for how long they are refused.
pub(crate) struct UniqueModel {
    pub(crate) window: UniqueWindow,
    /// The stored keys of the arguments that make a duplicate; empty for all, or if a function gives the key.
    pub(crate) by: Vec<String>,
}

/// For how long duplicates are refused.
pub(crate) enum UniqueWindow {
    Until { until: UniqueUntil, at_most: Option<DurationValue> },
    For(DurationValue),
}

/// The event that ends it.
#[derive(Clone, Copy)]
pub(crate) enum UniqueUntil {
    Start,
    Done,
}

/// When a job recurs.
pub(crate) struct Schedule {
    pub(crate) ticks: Ticks,
    pub(crate) missed: Option<MissedTicks>,
}

/// The times at which a job recurs.
pub(crate) enum Ticks {
    Cron { line: LitStr, zone: Option<LitStr> },
    Every(DurationValue),
}

/// What happens to ticks that no process took in time.
#[derive(Clone, Copy)]
pub(crate) enum MissedTicks {
    Skip,
    Once,
    All(u32),
}
