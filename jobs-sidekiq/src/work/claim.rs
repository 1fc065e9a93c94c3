//! Claimed texts become executions. What is no payload of a job is put where people see it.

use std::collections::HashMap;

use jobs_core::{Claim, ClaimToken, Error, Execution, LogText, ProcessId, Settled, Settlement};

use super::claims;
use super::dispatch::NO_ID;
use super::steps::{StepSource, StepTarget, Steps, count};
use super::work_script::{GIVEN_BACK_FOR, ScriptAnswer};
use crate::SidekiqStore;
use crate::keys::{CRASHES, DEAD, SCHEDULE};
use crate::payload::{Payload, jid_of, shown};

/// A claimed text.
struct ClaimedPayload {
    token: ClaimToken,
    queue: String,
    payload: Payload,
}

impl SidekiqStore {
    /// Settles, then claims in the same script.
    pub(crate) async fn settle_then_claim(
        &self,
        settlements: &[Settlement],
        claim: Option<&Claim>,
    ) -> Result<(Vec<Settled>, Vec<Execution>), Error> {
        let plan = self.plan(settlements).await?;
        let claim = claim.filter(|claim| self.may_claim(claim));
        if let Some(claim) = claim {
            self.release_lost(claim.process).await?;
        }
        let batch = self.next_batch();
        let unread = claim.map(|claim| self.lost.begin(claim.process, batch));
        let doing = if claim.is_some() { "claim jobs" } else { "settle jobs" };
        let mut answer = self.make_and_claim(plan.steps, claim.map(|claim| (claim, batch)), doing).await?;
        let claimed = match claim {
            Some(claim) => self.executions(claim.process, batch, &mut answer).await?,
            None => Vec::new(),
        };
        if let Some(unread) = unread {
            unread.arrived();
        }
        self.changes.got(claimed.len());
        let mut done = answer.done.into_iter();
        let settled = plan.has_step.iter().map(|has_step| {
            let is_done = *has_step && done.next() == Some(true);
            if is_done { Settled::Applied } else { Settled::Stale }
        });
        let settled: Vec<Settled> = settled.collect();
        self.count_runs(settlements, &settled);
        Ok((settled, claimed))
    }

    /// Forgets the claims, and counts the runs that ended for the metrics page. Their time begins with the claim.
    fn count_runs(&self, settlements: &[Settlement], settled: &[Settled]) {
        let known = self.known.remove(settlements.iter().map(|settlement| &settlement.token));
        let now = self.clock.now();
        for ((settlement, settled), known) in settlements.iter().zip(settled).zip(known) {
            if let Some(claim) = known.filter(|_| *settled == Settled::Applied) {
                let took = now.duration_since(claim.since);
                self.runs.ended(&claim.class, claim.is_active_job, &settlement.decision, took);
            }
        }
    }

    /// Whether there is anything to claim for it.
    fn may_claim(&self, claim: &Claim) -> bool {
        self.view().claims(claim);
        if self.options.cron.is_served {
            self.cron.claims(claim);
        }
        self.changes.claims(claim);
        claim.limit > 0 && !claim.queues.is_empty()
    }

    async fn executions(
        &self,
        process: ProcessId,
        batch: u64,
        answer: &mut ScriptAnswer,
    ) -> Result<Vec<Execution>, Error> {
        let (mut taken, mut steps) = (Vec::new(), Steps::default());
        for (index, (queue, text)) in std::mem::take(&mut answer.claimed).into_iter().enumerate() {
            let claim = claims::number(batch, index);
            match std::str::from_utf8(&text).ok().and_then(|text| Payload::parse(text).ok()) {
                Some(payload) if payload.is_in_batch() && !self.options.performs_batches => {
                    let (due, field) = (self.clock.now() + GIVEN_BACK_FOR, claims::field(claim));
                    let id = payload.id;
                    // One that names another queue, or none, is to come back to this one.
                    let is_complete = payload.is_complete_for(&queue);
                    let moved = |payload: Payload| payload.with_jid(&self.entropy).moved(&queue).text().into_bytes();
                    let text = if is_complete { text } else { moved(payload) };
                    let target = StepTarget::Set(SCHEDULE, due, &text);
                    steps.go(StepSource::Claimed(process, &field), target, count::NOTHING, id);
                }
                Some(payload) => {
                    taken.push(ClaimedPayload { token: ClaimToken::new(payload.id, process, claim), queue, payload });
                }
                None => {
                    let field = claims::field(claim);
                    let text = shown(&text, &queue);
                    let target = StepTarget::Set(DEAD, self.clock.now(), &text);
                    steps.go(StepSource::Claimed(process, &field), target, count::NOTHING, NO_ID);
                }
            }
        }
        let put_aside = self.make_each(steps, "put aside what cannot be performed").await?;
        for reason in put_aside.refused.values() {
            tracing::warn!(
                reason = %LogText::field(&reason),
                "a text that cannot be performed cannot be put aside, and stays with this process"
            );
        }
        let crashes = if answer.has_crashes { self.crashes(&taken).await? } else { HashMap::new() };
        let kind = |taken: &ClaimedPayload| (taken.payload.shown_class(), taken.payload.is_active_job_of_ruby());
        self.known.add(taken.iter().map(|taken| (taken.token, kind(taken))), self.clock.now());
        let names = self.options.names;
        let execution = |taken: ClaimedPayload| {
            let mut execution = taken.payload.execution(names, taken.token, taken.queue);
            execution.crashes = crashes.get(&jid_of(taken.token.job)).copied().unwrap_or(0);
            execution
        };
        Ok(taken.into_iter().map(execution).collect())
    }

    /// How many processes died while they ran these jobs.
    async fn crashes(&self, taken: &[ClaimedPayload]) -> Result<HashMap<String, u32>, Error> {
        let jids: Vec<String> = taken.iter().map(|taken| jid_of(taken.token.job)).collect();
        self.crashes_of(jids).await
    }

    /// The same for jobs of these `jid`s.
    pub(crate) async fn crashes_of(&self, jids: Vec<String>) -> Result<HashMap<String, u32>, Error> {
        self.link.crashes(&self.key(CRASHES), jids).await
    }
}
