//! The rules and callbacks of a job type, level by level.

mod decide;
mod expiry;
mod jitter;
mod matcher;
pub mod retry;
pub mod rule;
mod slow;
mod snooze;
mod substitutes;
mod timeout;

pub use decide::{FailureDecision, Outcome, abandon, decide};
pub use expiry::{EXPIRED_CLASS, expired};
pub use jitter::{DEFAULT_JITTER, Jitter};
pub use matcher::{Matcher, Raises};
pub use retry::{Attempts, ComputedWait, LONGEST_WAIT, RetryPolicy, Wait};
pub use rule::{FailureCallback, FailureFuture, Response, Rule};
pub use slow::{LEAST_ATTEMPTS, RECENT_ATTEMPTS, RecentDurations, SlowReason, SlowRule};
pub use substitutes::{NOT_STORABLE_CLASS, substitutes};
pub use timeout::Timeout;

use crate::callback::{Callback, Kind, Moment, SkippedCallback};
use crate::failure::Failure;

/// The rules and callbacks of one job type: its own level first, then its base's, then that of its base's base.
///
/// Built once, with the registry.
#[derive(Clone)]
pub struct Policy {
    levels: Vec<Level>,
    /// Those of the levels below, outermost first.
    inherited: Vec<Callback>,
    own: Vec<Callback>,
    skips: Vec<SkippedCallback>,
    jitter: Option<Jitter>,
    after_discard: Vec<FailureCallback>,
}

#[derive(Clone, Default)]
struct Level {
    rules: Vec<Rule>,
}

impl Default for Policy {
    fn default() -> Self {
        // The first level is the type's own, even if it declares nothing.
        let levels = vec![Level::default()];
        let (inherited, own, skips, after_discard) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { levels, inherited, own, skips, jitter: None, after_discard }
    }
}

impl Policy {
    /// An empty policy: every failure ends in `Failed`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether a rule retries with 0 attempts, which is read as 1.
    pub fn has_no_attempts(&self) -> bool {
        let mut rules = self.levels.iter().flat_map(|level| &level.rules);
        rules.any(|rule| matches!(&rule.response, Response::Retry(retry) if retry.has_no_attempts()))
    }

    /// This policy with `lower` as further levels below it.
    pub fn over(mut self, lower: &Self) -> Self {
        self.levels.extend(lower.levels.iter().cloned());
        let skips = &mut self.skips;
        let wanted = lower.inherited.iter().chain(&lower.own).filter(|callback| !is_skipped(skips, callback));
        let wanted: Vec<_> = wanted.cloned().collect();
        self.inherited.splice(0..0, wanted);
        self.skips.extend(lower.skips.iter().cloned());
        self.jitter = self.jitter.or(lower.jitter);
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

    /// Adds a callback after the existing ones.
    pub fn callback(mut self, callback: Callback) -> Self {
        self.own.push(callback);
        self
    }

    /// Leaves out the inherited callback of this kind and name: the name it was declared by, or the last segment of it.
    ///
    /// This applies to all levels below, the runtime's defaults included, in any order of the calls. If none of them has
    /// such a callback, the runtime cannot be built.
    pub fn skip(mut self, kind: Kind, name: &'static str) -> Self {
        let mut skip = SkippedCallback::new(kind, name);
        self.inherited.retain(|callback| !skip.matches(callback));
        self.skips.push(skip);
        self
    }

    /// The jitter of retries whose rule sets none, read when an attempt fails: that of the job, else of its
    /// base, else of the defaults, for inherited rules too.
    pub fn jitter(mut self, jitter: impl Into<Jitter>) -> Self {
        self.jitter = Some(jitter.into());
        self
    }

    /// Adds a function that is called when a job is given up for good: unhandled, exhausted or discarded.
    pub fn after_discard(mut self, callback: FailureCallback) -> Self {
        self.after_discard.push(callback);
        self
    }

    /// The rule that applies to `failure`: that of the first level that has one.
    pub fn rule_for(&self, failure: &Failure) -> Option<&Rule> {
        self.levels.iter().find_map(|level| rule::select(&level.rules, failure))
    }

    /// The callbacks of this operation, in the order of declaration.
    pub fn callbacks(&self, moment: Moment) -> impl Iterator<Item = &Callback> {
        self.inherited.iter().chain(&self.own).filter(move |callback| callback.moment() == moment)
    }

    /// Whether this operation has any callback.
    pub fn has_callbacks(&self, moment: Moment) -> bool {
        self.callbacks(moment).next().is_some()
    }

    const fn default_jitter(&self) -> Option<Jitter> {
        self.jitter
    }

    /// What is wrong with it, as texts that follow "the job ..".
    pub(crate) fn mistakes(&self) -> Vec<String> {
        let skips = self.skips.iter().filter(|skip| !skip.is_found());
        let misplaced = self.inherited.iter().chain(&self.own).filter(|callback| callback.has_misplaced_condition());
        let misplaced = misplaced.map(|callback| {
            let (kind, name) = (callback.kind(), callback.name());
            format!("has a condition on `{kind}({name})` that is asked at another moment")
        });
        skips.map(|skip| self.skips_nothing(skip)).chain(misplaced).collect()
    }

    fn skips_nothing(&self, skip: &SkippedCallback) -> String {
        let kind = skip.kind();
        let there = self.inherited.iter().filter(|callback| callback.kind() == kind);
        let there: Vec<_> = there.map(Callback::name).collect();
        let there =
            if there.is_empty() { "nothing of that kind".to_owned() } else { format!("{kind}({})", there.join(", ")) };
        format!("skips `{skip}`, which it does not inherit (it inherits {there})")
    }

    /// The functions to call when a job is given up for good, outermost base first.
    pub fn discard_callbacks(&self) -> &[FailureCallback] {
        &self.after_discard
    }
}

/// Whether any of them leaves the callback out. All are tested, so that each records whether it found one.
fn is_skipped(skips: &mut [SkippedCallback], callback: &Callback) -> bool {
    skips.iter_mut().filter_map(|skip| skip.matches(callback).then_some(())).count() > 0
}
