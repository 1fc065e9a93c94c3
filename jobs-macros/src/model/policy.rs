//! A policy, which jobs and bases have, and a base.

use syn::{ItemStruct, Path};

use super::{Callback, Jitter, Rule, SharedSettings, Skip};
use crate::errors::Errors;

/// What has an attribute: a job, which knows its error type, a base, which does not, or a job that is performed elsewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Owner {
    Job,
    Base,
    Remote,
}

/// Rules and callbacks.
pub(crate) struct Policy {
    pub(crate) owner: Owner,
    pub(crate) base: Option<Path>,
    pub(crate) jitter: Option<Jitter>,
    pub(crate) rules: Vec<Rule>,
    pub(crate) skips: Vec<Skip>,
    pub(crate) callbacks: Vec<Callback>,
    pub(crate) after_discard: Vec<Path>,
}

impl Policy {
    pub(crate) fn is_empty(&self) -> bool {
        let Self { base, jitter, rules, skips, callbacks, after_discard, .. } = self;
        let nothing_set = base.is_none() && jitter.is_none();
        nothing_set && rules.is_empty() && skips.is_empty() && callbacks.is_empty() && after_discard.is_empty()
    }
}

/// A valid base.
pub(crate) struct Base {
    /// The path of the crate `jobs`.
    pub(crate) jobs: Path,
    pub(crate) structure: ItemStruct,
    pub(crate) settings: SharedSettings,
    pub(crate) policy: Policy,
}

/// A base that is not valid.
pub(crate) struct InvalidBase {
    pub(crate) jobs: Path,
    pub(crate) structure: ItemStruct,
    pub(crate) errors: Errors,
}
