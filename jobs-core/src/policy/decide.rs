//! Decides what a failure means for its job. Retries are decided nowhere else.

use std::time::Duration;

use super::Policy;
use super::rule::{FailureCallback, Response};
use crate::failure::Failure;
use crate::{Decision, ErrorRecord, Meta};

/// What happens to a job after a failure.
#[non_exhaustive]
pub struct FailureDecision {
    /// What happened, for events and `perform_now`.
    pub outcome: Outcome,
    /// What to write.
    pub decision: Decision,
    /// The function to call first: the exhausted function, or that of `discard_on` or `rescue_from`.
    pub told: Option<FailureCallback>,
}

impl FailureDecision {
    /// Of this outcome, without a function to call.
    pub const fn new(outcome: Outcome, decision: Decision) -> Self {
        Self { outcome, decision, told: None }
    }
}

/// How one perform ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The body succeeded.
    Finished,
    /// A callback stopped it on purpose.
    Halted,
    /// It put itself off and runs again after this wait.
    Snoozed {
        /// The wait.
        wait: Duration,
    },
    /// It failed and will be tried again after this wait.
    Retried {
        /// The wait.
        wait: Duration,
    },
    /// It failed and a `rescue_from` handled the error.
    Rescued,
    /// A rule discarded it, or it has expired.
    Discarded,
    /// Its retries are exhausted; `handled` says whether an exhausted function handles the error.
    Exhausted {
        /// Whether there is such a function and the job counts as discarded; otherwise it is failed.
        handled: bool,
    },
    /// No rule applied.
    Failed,
}

impl Outcome {
    /// Whether the job was given up for good because of an error, so that `after_discard` functions are called.
    pub const fn is_given_up(&self) -> bool {
        matches!(self, Self::Discarded | Self::Exhausted { .. } | Self::Failed)
    }
}

/// Decides what a failure means, and increments the counter of the rule that applies.
///
/// `record` is what is stored of the failure; `random` is for the jitter. Pure: the same input gives the
/// same result.
pub fn decide(policy: &Policy, failure: &Failure, record: ErrorRecord, mut meta: Meta, random: u64) -> FailureDecision {
    let Some(rule) = policy.rule_for(failure) else {
        let decision = Decision::Fail { meta: meta.to_text(), error: record };
        return FailureDecision::new(Outcome::Failed, decision);
    };
    match &rule.response {
        Response::Retry(retry) => {
            let count = count(&mut meta, rule.matcher.words());
            let Some(wait) = retry.or_jitter(policy.default_jitter()).next_wait(count, failure, random) else {
                return exhausted(rule.when_given_up.clone(), record, &meta);
            };
            let decision = Decision::Retry {
                wait,
                queue: rule.queue.map(str::to_owned),
                priority: rule.priority,
                meta: meta.to_text(),
                error: record,
            };
            FailureDecision::new(Outcome::Retried { wait }, decision)
        }
        Response::Discard => FailureDecision {
            outcome: Outcome::Discarded,
            decision: Decision::Discard { error: Some(record) },
            told: rule.when_given_up.clone(),
        },
        Response::Rescue(callback) => FailureDecision {
            outcome: Outcome::Rescued,
            decision: Decision::Finish { keep: true },
            told: Some(callback.clone()),
        },
    }
}

/// What a failure means for a job that was cancelled while it ran: it is discarded, regardless of its rules.
pub fn abandon(record: ErrorRecord) -> FailureDecision {
    let decision = Decision::Discard { error: Some(record) };
    FailureDecision::new(Outcome::Discarded, decision)
}

fn count(meta: &mut Meta, key: &str) -> u32 {
    let counter = meta.exception_executions.entry(key.to_owned()).or_default();
    *counter = counter.saturating_add(1);
    *counter
}

fn exhausted(when_given_up: Option<FailureCallback>, record: ErrorRecord, meta: &Meta) -> FailureDecision {
    let handled = when_given_up.is_some();
    let decision = if handled {
        Decision::Discard { error: Some(record) }
    } else {
        Decision::Fail { meta: meta.to_text(), error: record }
    };
    FailureDecision { outcome: Outcome::Exhausted { handled }, decision, told: when_given_up }
}

impl std::fmt::Debug for FailureDecision {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FailureDecision")
            .field("outcome", &self.outcome)
            .field("decision", &self.decision)
            .finish_non_exhaustive()
    }
}
