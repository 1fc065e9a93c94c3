//! The jobs of dead processes of ours go back to their queues. Workers of Ruby are left alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use jobs_core::{
    ClaimToken, Error, ErrorRecord, JobId, ProcessId, Recovered, Recovery, Timestamp, death_record, is_poisonous,
};
use jobs_redis::{GuardedSteps, RegisteredProcess, redis};

use super::claim::NO_ID;
use super::steps::{ClaimedRun, StepSource, StepTarget, Steps, count};
use crate::{FailureRecord, Payload, ResqueStore, keys};

const DOING: &str = "recover the jobs of dead processes";

/// A process whose jobs are taken, with what was noted down of it.
struct Dead {
    process: ProcessId,
    registered: Option<RegisteredProcess>,
    runs: Vec<ClaimedRun>,
}

/// What a step does if its guard holds.
enum StepEffect {
    Nothing,
    Process(ProcessId),
    Ready(JobId),
    Poisoned(JobId),
}

impl ResqueStore {
    pub(crate) async fn recover_silent(&self, recovery: &Recovery) -> Result<Recovered, Error> {
        let (mut steps, mut plan) = (Steps::default(), Vec::new());
        let mut dead = self.dead(recovery, &mut steps, &mut plan).await?;
        let left_out = self.refused.recover.left_out(self.clock.now());
        for process in &mut dead {
            process.runs = self.runs_of_process(process.process).await?;
            process.runs.retain(|run| !left_out.contains(&run.token.job));
        }
        let jobs = dead.iter().flat_map(|dead| &dead.runs).map(|run| run.token.job).collect();
        let crashes = self.crashes_of(jobs).await?;
        // Each goes in front of the one before, so the oldest is the last.
        for process in dead.iter().rev() {
            self.add_dead(&mut steps, &mut plan, process, recovery.crash_limit, &crashes);
        }
        let answer = self.make_each(steps, DOING).await?;
        let mut recovered = recovered(&plan, &answer.done);
        for (step, reason) in answer.refused {
            if let Some(StepEffect::Ready(job) | StepEffect::Poisoned(job)) = plan.get(step) {
                recovered.refused.push(self.refuse(&self.refused.recover, *job, "recover", &reason)?);
            }
        }
        Ok(recovered)
    }

    /// The processes that are silent, and those that hold jobs and are not registered. A heartbeat of a time to come counts as
    /// one of now, so that a clock that was set back hides no death.
    async fn dead(
        &self,
        recovery: &Recovery,
        steps: &mut Steps,
        plan: &mut Vec<StepEffect>,
    ) -> Result<Vec<Dead>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HVALS").arg(self.key(keys::PROCESSES)).cmd("SMEMBERS").arg(self.key(keys::CLAIMERS));
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
                steps.guard(keys::PROCESSES, &process.to_string(), &one.text, &one.text_at(now));
                plan.extend([StepEffect::Nothing, StepEffect::Nothing]);
            } else if now.duration_since(beat) > recovery.silence {
                dead.push(Dead { process, registered: Some(one), runs: Vec::new() });
            }
        }
        let unknown = claimers.into_iter().filter_map(|process| ProcessId::try_from(process).ok());
        let unknown = unknown.filter(|process| !known.contains(process));
        dead.extend(unknown.map(|process| Dead { process, registered: None, runs: Vec::new() }));
        Ok(dead)
    }

    /// What the workers of a process perform, in the order of the claims.
    pub(crate) async fn runs_of_process(&self, process: ProcessId) -> Result<Vec<ClaimedRun>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("HGETALL").arg(self.key(&keys::claims(process)));
        let (claims,): (BTreeMap<i64, String>,) = self.link.commands(&commands, DOING).await?;
        let claims = claims.into_iter().map(|(claim, worker)| (ClaimToken::new(NO_ID, process, claim), worker));
        let runs = self.running(claims.collect()).await?;
        Ok(runs.into_iter().map(|(_, run)| run).collect())
    }

    /// Adds the steps that take the jobs of a process. They are done only if it has sent no heartbeat meanwhile.
    fn add_dead(
        &self,
        steps: &mut Steps,
        plan: &mut Vec<StepEffect>,
        dead: &Dead,
        crash_limit: u32,
        crashes: &HashMap<JobId, u32>,
    ) {
        let process = dead.process;
        let text = dead.registered.as_ref().map_or(&[][..], |registered| &registered.text);
        steps.open();
        steps.guard(keys::PROCESSES, &process.to_string(), text, b"");
        plan.push(StepEffect::Nothing);
        plan.push(if dead.registered.is_some() { StepEffect::Process(process) } else { StepEffect::Nothing });
        // Each goes in front of the one before, so the first to be claimed is the first again.
        for run in dead.runs.iter().rev() {
            let times = crashes.get(&run.token.job).copied().unwrap_or(0).saturating_add(1);
            plan.push(self.add_lost(steps, run, times, crash_limit));
        }
        steps.forget(process, dead.registered.is_some());
        plan.push(StepEffect::Nothing);
    }

    /// Adds the step that takes one job, which lost its process for the given time.
    fn add_lost(&self, steps: &mut Steps, run: &ClaimedRun, times: u32, crash_limit: u32) -> StepEffect {
        let (id, now) = (run.token.job, self.clock.now());
        let list = self.failed_list(&run.queue);
        let Ok(payload) = Payload::parse(&run.text) else {
            let error = ErrorRecord::new("jobs::Corrupt", "this is not a job of Resque");
            let record = FailureRecord::of_unreadable(run.text.as_bytes(), &error, &run.worker, &run.queue, now);
            steps.go(StepSource::Run(run), StepTarget::Failed(&list, &record.text()), count::NOTHING, NO_ID);
            return StepEffect::Nothing;
        };
        if !is_poisonous(times, crash_limit) {
            // The bytes stay as they are, so the crash is counted beside the job.
            steps.go(StepSource::Run(run), StepTarget::Left(&run.queue, &run.text), count::CRASH, id);
            return StepEffect::Ready(id);
        }
        let error = death(times, crash_limit, &payload, run.token.process, now);
        let record = self.failure(payload, run, &error).text();
        steps.go(StepSource::Run(run), StepTarget::Failed(&list, &record), count::NO_CRASHES, id);
        StepEffect::Poisoned(id)
    }
}

fn death(crashes: u32, limit: u32, payload: &Payload, process: ProcessId, now: Timestamp) -> ErrorRecord {
    death_record(crashes, limit, payload.failures().saturating_add(1), Some(process), now).0
}

fn recovered(plan: &[StepEffect], done: &[bool]) -> Recovered {
    let mut recovered = Recovered::default();
    for (done, _) in plan.iter().zip(done).filter(|(_, was_done)| **was_done) {
        match done {
            StepEffect::Nothing => {}
            StepEffect::Process(process) => recovered.processes.push(*process),
            StepEffect::Ready(job) => recovered.ready.push(*job),
            StepEffect::Poisoned(job) => recovered.poisoned.push(*job),
        }
    }
    // The steps go from the last process and claim to the first.
    recovered.processes.reverse();
    recovered.ready.reverse();
    recovered
}
