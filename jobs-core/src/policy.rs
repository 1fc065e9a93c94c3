//! All that a job type says about callbacks and failures, level by level.

use crate::Base;
use crate::callback::{Callback, Moment};
use crate::failure::Failure;
use crate::rule::{FailureCallback, Rule, select};

/// The rules and callbacks of one job type: its own level first, then its base's, then its base's base's.
///
/// Built once when the registry is.
#[derive(Clone)]
pub struct Policy {
    levels: Vec<Level>,
    callbacks: Vec<Callback>,
    after_discard: Vec<FailureCallback>,
}

#[derive(Clone, Default)]
struct Level {
    rules: Vec<Rule>,
}

impl Default for Policy {
    fn default() -> Self {
        // The first level is the own one, also while nothing is declared on it.
        Self { levels: vec![Level::default()], callbacks: Vec::new(), after_discard: Vec::new() }
    }
}

impl Policy {
    /// Nothing declared: every failure ends in `Failed`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes over all that the base declares, as a level below the present ones. Its callbacks run outside.
    ///
    /// Inherited callbacks come first, as in Active Job, wherever among the calls this one stands.
    pub fn inherit<B: Base>(self) -> Self {
        self.over(&B::policy())
    }

    /// This policy with `lower` as further levels below it.
    pub fn over(mut self, lower: &Self) -> Self {
        self.levels.extend(lower.levels.iter().cloned());
        self.callbacks.splice(0..0, lower.callbacks.iter().cloned());
        self.after_discard.splice(0..0, lower.after_discard.iter().cloned());
        self
    }

    /// Adds a rule below those of the own level.
    pub fn rule(mut self, rule: Rule) -> Self {
        if let Some(own) = self.levels.first_mut() {
            own.rules.push(rule);
        }
        self
    }

    /// Adds a callback after those already there.
    pub fn callback(mut self, callback: Callback) -> Self {
        self.callbacks.push(callback);
        self
    }

    /// Adds a function that is told when a job is given up for good: unhandled, exhausted or discarded.
    pub fn after_discard(mut self, callback: FailureCallback) -> Self {
        self.after_discard.push(callback);
        self
    }

    /// The rule that answers `failure`: the first level that has one decides.
    pub fn rule_for(&self, failure: &Failure) -> Option<&Rule> {
        self.levels.iter().find_map(|level| select(&level.rules, failure))
    }

    /// The callbacks of this moment, in the order of declaration.
    pub fn callbacks(&self, moment: Moment) -> impl Iterator<Item = &Callback> {
        self.callbacks.iter().filter(move |callback| callback.moment() == moment)
    }

    /// Whether any callback runs at this moment.
    pub fn has_callbacks(&self, moment: Moment) -> bool {
        self.callbacks(moment).next().is_some()
    }

    /// Who is told when a job is given up for good, outermost base first.
    pub fn told_of_discard(&self) -> &[FailureCallback] {
        &self.after_discard
    }
}
