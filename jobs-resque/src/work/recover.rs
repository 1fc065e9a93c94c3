//! The jobs of dead processes of ours go back to their queues. Workers of Ruby are left alone.

use std::collections::BTreeMap;

use jobs_core::{
    ClaimToken, Error, ErrorRecord, ProcessId, Recovered, Recovery, Timestamp, death_record, is_poisonous,
};
use jobs_redis::{RecoveryPlan, redis};

use super::claim::NO_ID;
use super::steps::{ClaimedRun, StepSource, StepTarget, Steps, count};
use crate::{FailureRecord, Payload, ResqueStore, keys};

const DOING: &str = "recover the jobs of dead processes";

impl ResqueStore {
    pub(crate) async fn recover_silent(&self, recovery: &Recovery) -> Result<Recovered, Error> {
        let mut plan = RecoveryPlan::<Steps>::default();
        let now = self.clock.now();
        let left_out = self.refused.recover.left_out(now);
        let mut dead = Vec::new();
        for process in plan.dead(&self.link, &self.options.keys.prefix(), now, recovery.silence).await? {
            let mut runs = self.runs_of_process(process.process).await?;
            runs.retain(|run| !left_out.contains(&run.token.job));
            dead.push((process, runs));
        }
        let jobs = dead.iter().flat_map(|(_, runs)| runs).map(|run| run.token.job).collect();
        let crashes = self.crashes_of(jobs).await?;
        // Each goes in front of the one before, so the oldest is the last, and the first to be claimed is the first again.
        for (process, runs) in dead.iter().rev() {
            plan.take(process, |plan| {
                for run in runs.iter().rev() {
                    let times = crashes.get(&run.token.job).copied().unwrap_or(0).saturating_add(1);
                    self.add_lost(plan, run, times, recovery.crash_limit);
                }
            });
        }
        let (steps, effects) = plan.into_steps();
        let answer = self.make_each(steps, DOING).await?;
        let mut recovered = effects.recovered(&answer.done);
        // The steps go from the last process and claim to the first.
        recovered.processes.reverse();
        recovered.ready.reverse();
        for (step, reason) in answer.refused {
            if let Some(job) = effects.job(step) {
                recovered.refused.push(self.refuse(&self.refused.recover, job, "recover", &reason)?);
            }
        }
        Ok(recovered)
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

    /// Adds the step that takes one job, which lost its process for the given time.
    fn add_lost(&self, plan: &mut RecoveryPlan<Steps>, run: &ClaimedRun, times: u32, crash_limit: u32) {
        let (id, now) = (run.token.job, self.clock.now());
        let list = self.failed_list(&run.queue);
        let Ok(payload) = Payload::parse(&run.text) else {
            let error = ErrorRecord::new("jobs::Corrupt", "this is not a job of Resque");
            let record = FailureRecord::of_unreadable(run.text.as_bytes(), &error, &run.worker, &run.queue, now);
            plan.steps.go(StepSource::Run(run), StepTarget::Failed(&list, &record.text()), count::NOTHING, NO_ID);
            return plan.nothing();
        };
        if !is_poisonous(times, crash_limit) {
            // The bytes stay as they are, so the crash is counted beside the job.
            plan.steps.go(StepSource::Run(run), StepTarget::Left(&run.queue, &run.text), count::CRASH, id);
            return plan.ready(id);
        }
        let error = death(times, crash_limit, &payload, run.token.process, now);
        let record = self.failure(payload, run, &error).text();
        plan.steps.go(StepSource::Run(run), StepTarget::Failed(&list, &record), count::NO_CRASHES, id);
        plan.poisoned(id);
    }
}

fn death(crashes: u32, limit: u32, payload: &Payload, process: ProcessId, now: Timestamp) -> ErrorRecord {
    death_record(crashes, limit, payload.failures().saturating_add(1), Some(process), now).0
}
