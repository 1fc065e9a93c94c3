//! Settlements become steps: what is written is decided here, and only the script knows whether the claim still holds.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use jobs_core::{ClaimToken, Decision, Error, ErrorRecord, Settlement};

use super::claimed_text::ClaimedText;
use super::claims::field;
use super::steps::{StepSource, StepTarget, Steps, count};
use crate::SidekiqStore;
use crate::keys::{self, DEAD, RETRY, SCHEDULE};
use crate::payload::{AfterFailure, FailedRun, Payload};

/// The steps of a batch of settlements.
#[derive(Debug, Default)]
pub(crate) struct SettlementPlan {
    pub(crate) steps: Steps,
    /// For each settlement whether it has a step; one whose claim is gone has none.
    pub(crate) has_step: Vec<bool>,
}

/// The claimed texts that settlements need, by their tokens.
type Texts = HashMap<ClaimToken, (String, Payload)>;

impl SidekiqStore {
    pub(crate) async fn plan(&self, settlements: &[Settlement]) -> Result<SettlementPlan, Error> {
        settlements.iter().try_for_each(|settlement| is_known(&settlement.decision))?;
        let known = self.known.are_active_jobs(settlements.iter().map(|settlement| &settlement.token));
        let texts = self.texts_of(settlements, &known).await?;
        let steps = Steps::forgetting_crashes(self.has_crashes.load(Ordering::Relaxed));
        let mut plan = SettlementPlan { steps, has_step: Vec::with_capacity(settlements.len()) };
        for (settlement, known) in settlements.iter().zip(known) {
            let before = plan.steps.len();
            self.add(&mut plan.steps, settlement, known, &texts);
            plan.has_step.push(plan.steps.len() > before);
        }
        Ok(plan)
    }

    /// Reads the texts that have to be changed, and those of claims that this handle did not give out.
    async fn texts_of(&self, settlements: &[Settlement], known: &[Option<bool>]) -> Result<Texts, Error> {
        let needs_text = |(it, known): &(&Settlement, &Option<bool>)| known.is_none() || changes_text(&it.decision);
        let tokens: Vec<ClaimToken> =
            settlements.iter().zip(known).filter(needs_text).map(|(it, _)| it.token).collect();
        if tokens.is_empty() {
            return Ok(Texts::new());
        }
        let mut commands = redis::pipe();
        for token in &tokens {
            let key = self.key(&keys::claimed(&token.process.to_string()));
            commands.cmd("HGET").arg(key).arg(field(token.claim));
        }
        let values: Vec<Option<Vec<u8>>> = self.link.commands(&commands, "settle jobs").await?;
        let texts = tokens.into_iter().zip(values).filter_map(|(token, value)| {
            let held = ClaimedText::parse(&value?)?;
            let payload = Payload::parse(std::str::from_utf8(&held.text).ok()?).ok()?;
            (payload.id == token.job).then_some((token, (held.queue, payload)))
        });
        Ok(texts.collect())
    }

    /// Adds the step of a settlement, if its claim was there a moment ago. `known` says whether a job that was given out here is an
    /// Active Job of Ruby.
    fn add(&self, steps: &mut Steps, settlement: &Settlement, known: Option<bool>, texts: &Texts) {
        let Settlement { token, decision, .. } = settlement;
        let claim = field(token.claim);
        let source = StepSource::Claimed(token.process, &claim);
        let text = texts.get(token);
        if text.is_none() && (known.is_none() || changes_text(decision)) {
            return;
        }
        match (decision, text) {
            (Decision::Discard { error: Some(_) }, text) => {
                // No error leaves `perform` where a `discard_on` of Active Job takes it.
                let of_text = || text.is_some_and(|(_, payload)| payload.is_active_job_of_ruby());
                let has_ended_well = known.unwrap_or_else(of_text);
                let counts = if has_ended_well { count::PROCESSED_FOR_GOOD } else { count::FAILED_FOR_GOOD };
                steps.go(source, StepTarget::Nowhere, counts, token.job);
            }
            (Decision::Release, _) => steps.go(source, StepTarget::Back, count::NOTHING, token.job),
            (Decision::Retry { .. } | Decision::Continue { .. } | Decision::Fail { .. }, Some((queue, payload))) => {
                self.add_changed(steps, settlement, queue, payload.clone());
            }
            _ => steps.finish(token.process, claim, token.job),
        }
    }

    fn add_changed(&self, steps: &mut Steps, settlement: &Settlement, queue: &str, payload: Payload) {
        let payload = payload.with_jid(&self.entropy);
        let Settlement { token, decision, .. } = settlement;
        let (claim, now) = (field(token.claim), self.clock.now());
        let source = StepSource::Claimed(token.process, &claim);
        match decision {
            Decision::Retry { wait, queue: other, meta, .. } if payload.is_active_job_of_ruby() => {
                let times = self.times(now, now + *wait);
                let queue = other.as_deref().unwrap_or(queue);
                let again = payload.enqueued_again(queue, meta.as_deref(), &times, &self.entropy);
                let target = again.text();
                let target = StepTarget::Set(SCHEDULE, times.due, target.as_bytes());
                steps.go(source, target, count::PROCESSED_FOR_GOOD, token.job);
            }
            Decision::Retry { wait, queue: other, priority, meta, error } => {
                let due = now + *wait;
                let failed = payload.with_meta(meta.as_deref()).failed(self.failed(error, queue)).due(due);
                let failed = failed.with_priority(*priority);
                let failed = if let Some(other) = other { failed.moved(other) } else { failed };
                steps.go(source, StepTarget::Set(RETRY, due, failed.text().as_bytes()), count::FAILED, token.job);
            }
            Decision::Continue { wait, meta } => {
                let due = now + *wait;
                let text = payload.with_meta(meta.as_deref()).moved(queue).scheduled(due).text();
                steps.go(source, StepTarget::Set(SCHEDULE, due, text.as_bytes()), count::NOTHING, token.job);
            }
            Decision::Fail { meta, error } => {
                let failed = payload.with_meta(meta.as_deref()).failed(self.failed(error, queue));
                self.add_failed(steps, settlement, &failed);
            }
            _ => {}
        }
    }

    /// A job that Rust enqueued has failed for good. One that Ruby enqueued goes on by Sidekiq's rules, as it would if an error
    /// left the `perform` of its class.
    fn add_failed(&self, steps: &mut Steps, settlement: &Settlement, failed: &Payload) {
        let (token, now) = (&settlement.token, self.clock.now());
        let claim = field(token.claim);
        let source = StepSource::Claimed(token.process, &claim);
        let next = if failed.is_ours() { AfterFailure::Dead } else { failed.after_failure(now, &self.entropy) };
        match next {
            AfterFailure::Retry(wait) => {
                let due = now + wait;
                steps.go(source, StepTarget::Set(RETRY, due, failed.text().as_bytes()), count::FAILED, token.job);
            }
            AfterFailure::Dead => {
                let text = failed.text();
                steps.go(source, StepTarget::Set(DEAD, now, text.as_bytes()), count::FAILED_FOR_GOOD, token.job);
            }
            AfterFailure::Removed => steps.go(source, StepTarget::Nowhere, count::FAILED_FOR_GOOD, token.job),
        }
    }

    pub(crate) fn failed<'a>(&self, error: &'a ErrorRecord, queue: &'a str) -> FailedRun<'a> {
        FailedRun { error, queue, now: self.clock.now(), unit: self.unit() }
    }
}

/// Whether the decision writes another text.
const fn changes_text(decision: &Decision) -> bool {
    matches!(decision, Decision::Retry { .. } | Decision::Continue { .. } | Decision::Fail { .. })
}

fn is_known(decision: &Decision) -> Result<(), Error> {
    let is_simple = matches!(decision, Decision::Finish { .. } | Decision::Discard { .. } | Decision::Release);
    if is_simple || changes_text(decision) {
        return Ok(());
    }
    Err(Error::other(format!("the store on Sidekiq's Redis does not know the decision {decision:?}")))
}
