//! The jobs of dead processes go back to their queues.

use std::collections::{BTreeMap, HashMap, HashSet};

use jobs_core::{Error, ErrorRecord, JobId, ProcessId, Recovered, Recovery, death_record, is_poisonous};
use jobs_redis::{GuardedSteps, RegisteredProcess};

use super::claimed_text::ClaimedText;
use super::claims::order;
use super::dispatch::NO_ID;
use super::steps::{StepSource, StepTarget, Steps, count};
use super::work_script::ScriptAnswer;
use crate::SidekiqStore;
use crate::keys::{self, CLAIMERS, DEAD, PROCESSES};
use crate::payload::{Payload, jid_of, shown};

const DOING: &str = "recover the jobs of dead processes";

/// A process whose jobs are taken, with what was noted down of it.
struct Dead {
    process: ProcessId,
    registered: Option<RegisteredProcess>,
    claims: Vec<(String, ClaimedText)>,
}

/// What a step does if its guard holds.
enum Done {
    Nothing,
    Process(ProcessId),
    Ready(JobId),
    Poisoned(JobId),
}

impl SidekiqStore {
    pub(crate) async fn recover_silent(&self, recovery: &Recovery) -> Result<Recovered, Error> {
        let (mut steps, mut plan) = (Steps::default(), Vec::new());
        let mut dead = self.dead(recovery, &mut steps, &mut plan).await?;
        for process in &mut dead {
            process.claims = self.claims_of(process.process).await?;
        }
        let left_out = self.refused.recover.left_out(self.clock.now());
        if !left_out.is_empty() {
            for process in &mut dead {
                process.claims.retain(|(_, held)| !read(held).is_some_and(|payload| left_out.contains(&payload.id)));
            }
        }
        let crashes = self.crashes_of(dead.iter().flat_map(Dead::jids).collect()).await?;
        for process in &dead {
            self.add_dead(&mut steps, &mut plan, process, recovery.crash_limit, &crashes);
        }
        let answer = self.make_each(steps, DOING).await?;
        let mut recovered = recovered(&plan, &answer);
        for (step, reason) in answer.refused {
            if let Some(Done::Ready(job) | Done::Poisoned(job)) = plan.get(step) {
                recovered.refused.push(self.refuse(&self.refused.recover, *job, "recover", &reason)?);
            }
        }
        Ok(recovered)
    }

    /// The processes that are silent, and those that hold jobs and are not registered. A heartbeat of a time to come counts as
    /// one of now, so that a clock that was set back hides no death.
    async fn dead(&self, recovery: &Recovery, steps: &mut Steps, plan: &mut Vec<Done>) -> Result<Vec<Dead>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HVALS").arg(self.key(PROCESSES)).cmd("SMEMBERS").arg(self.key(CLAIMERS));
        let (registered, claimers): (Vec<Vec<u8>>, Vec<String>) = self.link.commands(&commands, DOING).await?;
        let (now, mut known, mut dead) = (self.clock.now(), HashSet::new(), Vec::new());
        let mut registered: Vec<RegisteredProcess> =
            registered.into_iter().filter_map(RegisteredProcess::parse).collect();
        registered.sort_by_key(|one| (one.record.started_at, one.record.process.id));
        for one in registered {
            let (process, beat) = (one.record.process.id, one.record.heartbeat_at);
            known.insert(process);
            if beat > now {
                steps.open();
                steps.guard(PROCESSES, &process.to_string(), &one.text, &one.text_at(now));
                plan.extend([Done::Nothing, Done::Nothing]);
            } else if now.duration_since(beat) > recovery.silence {
                dead.push(Dead { process, registered: Some(one), claims: Vec::new() });
            }
        }
        let unknown = claimers.into_iter().filter_map(|process| ProcessId::try_from(process).ok());
        let unknown = unknown.filter(|process| !known.contains(process));
        dead.extend(unknown.map(|process| Dead { process, registered: None, claims: Vec::new() }));
        Ok(dead)
    }

    /// What a process holds, in the order of its claims.
    pub(crate) async fn claims_of(&self, process: ProcessId) -> Result<Vec<(String, ClaimedText)>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HGETALL").arg(self.key(&keys::claimed(&process.to_string())));
        let (held,): (BTreeMap<String, Vec<u8>>,) = self.link.commands(&commands, DOING).await?;
        let held =
            held.into_iter().filter_map(|(claim, value)| Some((order(&claim)?, claim, ClaimedText::parse(&value)?)));
        let mut claims: Vec<_> = held.collect();
        claims.sort_by_key(|(order, ..)| *order);
        Ok(claims.into_iter().map(|(_, claim, held)| (claim, held)).collect())
    }

    /// Adds the steps that take the jobs of a process. They are done only if it has sent no heartbeat meanwhile.
    fn add_dead(
        &self,
        steps: &mut Steps,
        plan: &mut Vec<Done>,
        dead: &Dead,
        crash_limit: u32,
        crashes: &HashMap<String, u32>,
    ) {
        let process = dead.process;
        let text = dead.registered.as_ref().map_or(&[][..], |registered| &registered.text);
        steps.open();
        steps.guard(PROCESSES, &process.to_string(), text, b"");
        plan.push(Done::Nothing);
        plan.push(if dead.registered.is_some() { Done::Process(process) } else { Done::Nothing });
        for (claim, held) in &dead.claims {
            let source = StepSource::Claimed(process, claim);
            let Some(payload) = read(held) else {
                let text = shown(&held.text, &held.queue);
                steps.go(source, StepTarget::Set(DEAD, self.clock.now(), &text), count::NOTHING, NO_ID);
                plan.push(Done::Nothing);
                continue;
            };
            let id = payload.id;
            let times = crashes.get(&jid_of(id)).copied().unwrap_or(0).saturating_add(1);
            if is_poisonous(times, crash_limit) {
                let text = payload
                    .clone()
                    .failed(self.failed(&self.death(times, crash_limit, &payload, process), &held.queue));
                let text = text.text();
                let dead = StepTarget::Set(DEAD, self.clock.now(), text.as_bytes());
                let target = if payload.is_kept_when_dead() { dead } else { StepTarget::Nowhere };
                steps.go(source, target, count::NO_CRASHES, id);
                plan.push(Done::Poisoned(id));
            } else {
                // The bytes stay as they are, so the crash is counted beside the job.
                steps.go(source, StepTarget::Back, count::CRASH, id);
                plan.push(Done::Ready(id));
            }
        }
        steps.forget(process, dead.registered.is_some());
        plan.push(Done::Nothing);
    }

    fn death(&self, crashes: u32, limit: u32, payload: &Payload, process: ProcessId) -> ErrorRecord {
        let attempt = payload.failures().saturating_add(1);
        death_record(crashes, limit, attempt, Some(process), self.clock.now()).0
    }
}

impl Dead {
    fn jids(&self) -> impl Iterator<Item = String> {
        self.claims.iter().filter_map(|(_, held)| Some(jid_of(read(held)?.id)))
    }
}

fn read(held: &ClaimedText) -> Option<Payload> {
    Payload::parse(std::str::from_utf8(&held.text).ok()?).ok()
}

fn recovered(plan: &[Done], answer: &ScriptAnswer) -> Recovered {
    let mut recovered = Recovered::default();
    for (done, _) in plan.iter().zip(&answer.done).filter(|(_, was_done)| **was_done) {
        match done {
            Done::Nothing => {}
            Done::Process(process) => recovered.processes.push(*process),
            Done::Ready(job) => recovered.ready.push(*job),
            Done::Poisoned(job) => recovered.poisoned.push(*job),
        }
    }
    recovered
}
