//! The jobs of dead processes go back to their queues.

use std::collections::{BTreeMap, HashMap};

use jobs_core::{Error, ErrorRecord, ProcessId, Recovered, Recovery, death_record, is_poisonous};
use jobs_redis::RecoveryPlan;

use super::claimed_text::ClaimedText;
use super::claims::order;
use super::dispatch::NO_ID;
use super::steps::{StepSource, StepTarget, Steps, count};
use crate::SidekiqStore;
use crate::keys::{self, DEAD};
use crate::payload::{Payload, jid_of, shown};

const DOING: &str = "recover the jobs of dead processes";

/// What a process holds: its claims, in their order.
type Claims = Vec<(String, ClaimedText)>;

impl SidekiqStore {
    pub(crate) async fn recover_silent(&self, recovery: &Recovery) -> Result<Recovered, Error> {
        let mut plan = RecoveryPlan::<Steps>::default();
        let (namespace, now) = (self.options.namespace_prefix(), self.clock.now());
        let left_out = self.refused.recover.left_out(now);
        let mut dead = Vec::new();
        for process in plan.dead(&self.link, &namespace, now, recovery.silence).await? {
            let mut claims = self.claims_of(process.process).await?;
            claims.retain(|(_, held)| {
                left_out.is_empty() || !read(held).is_some_and(|payload| left_out.contains(&payload.id))
            });
            dead.push((process, claims));
        }
        let jids =
            dead.iter().flat_map(|(_, claims)| claims.iter().filter_map(|(_, held)| Some(jid_of(read(held)?.id))));
        let crashes = self.crashes_of(jids.collect()).await?;
        for (process, claims) in &dead {
            plan.take(process, |plan| self.take(plan, process.process, claims, recovery.crash_limit, &crashes));
        }
        let (steps, effects) = plan.into_steps();
        let answer = self.make_each(steps, DOING).await?;
        let mut recovered = effects.recovered(&answer.done);
        for (step, reason) in answer.refused {
            if let Some(job) = effects.job(step) {
                recovered.refused.push(self.refuse(&self.refused.recover, job, "recover", &reason)?);
            }
        }
        Ok(recovered)
    }

    /// What a process holds, in the order of its claims.
    pub(crate) async fn claims_of(&self, process: ProcessId) -> Result<Claims, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HGETALL").arg(self.key(&keys::claimed(&process.to_string())));
        let (held,): (BTreeMap<String, Vec<u8>>,) = self.link.commands(&commands, DOING).await?;
        let held =
            held.into_iter().filter_map(|(claim, value)| Some((order(&claim)?, claim, ClaimedText::parse(&value)?)));
        let mut claims: Vec<_> = held.collect();
        claims.sort_by_key(|(order, ..)| *order);
        Ok(claims.into_iter().map(|(_, claim, held)| (claim, held)).collect())
    }

    /// Adds the steps that take the jobs of a process.
    fn take(
        &self,
        plan: &mut RecoveryPlan<Steps>,
        process: ProcessId,
        claims: &Claims,
        crash_limit: u32,
        crashes: &HashMap<String, u32>,
    ) {
        for (claim, held) in claims {
            let source = StepSource::Claimed(process, claim);
            let Some(payload) = read(held) else {
                let text = shown(&held.text, &held.queue);
                plan.steps.go(source, StepTarget::Set(DEAD, self.clock.now(), &text), count::NOTHING, NO_ID);
                plan.nothing();
                continue;
            };
            let id = payload.id;
            let times = crashes.get(&jid_of(id)).copied().unwrap_or(0).saturating_add(1);
            if is_poisonous(times, crash_limit) {
                let death = self.death(times, crash_limit, &payload, process);
                let text = payload.clone().with_jid(&self.entropy).failed(self.failed(&death, &held.queue));
                let text = text.text();
                let dead = StepTarget::Set(DEAD, self.clock.now(), text.as_bytes());
                let target = if payload.is_kept_when_dead() { dead } else { StepTarget::Nowhere };
                plan.steps.go(source, target, count::NO_CRASHES, id);
                plan.poisoned(id);
            } else {
                // The bytes stay as they are, so the crash is counted beside the job.
                plan.steps.go(source, StepTarget::Back, count::CRASH, id);
                plan.ready(id);
            }
        }
    }

    fn death(&self, crashes: u32, limit: u32, payload: &Payload, process: ProcessId) -> ErrorRecord {
        let attempt = payload.failures().saturating_add(1);
        death_record(crashes, limit, attempt, Some(process), self.clock.now()).0
    }
}

fn read(held: &ClaimedText) -> Option<Payload> {
    Payload::parse(std::str::from_utf8(&held.text).ok()?).ok()
}
