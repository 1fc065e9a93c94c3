//! Settlements become steps: what is written is decided here, and only the script knows whether the run still holds.

use std::collections::HashMap;

use jobs_core::{ClaimToken, Decision, Error, ErrorRecord, Settled, Settlement};
use jobs_redis::redis;

use super::steps::{ClaimedRun, StepSource, StepTarget, Steps, count};
use crate::{DelayedJob, FailureRecord, Payload, ResqueStore, RunningJob, keys};

const DOING: &str = "settle jobs";

impl ResqueStore {
    pub(crate) async fn settle_jobs(&self, settlements: &[Settlement]) -> Result<Vec<Settled>, Error> {
        settlements.iter().try_for_each(|settlement| is_known(&settlement.decision))?;
        let runs = self.runs_of(settlements).await?;
        let (mut steps, mut has_step) = (Steps::default(), Vec::new());
        for settlement in settlements {
            let run = runs.get(&settlement.token);
            has_step.push(run.is_some());
            if let Some(run) = run {
                self.add_settlement(&mut steps, run, &settlement.decision)?;
            }
        }
        let mut done = self.make(steps, DOING).await?.into_iter();
        for settlement in settlements {
            self.forget_run(&settlement.token);
        }
        let settled = has_step.into_iter().map(|has_step| has_step && done.next() == Some(true));
        let settled: Vec<_> = settled.map(|applied| if applied { Settled::Applied } else { Settled::Stale }).collect();
        let succeeded = |(settlement, settled): (&Settlement, &Settled)| {
            let is_success = matches!(settlement.decision, Decision::Finish { .. }) && *settled == Settled::Applied;
            runs.get(&settlement.token).filter(|_| is_success)
        };
        self.end_counts_of_ruby(settlements.iter().zip(&settled).filter_map(succeeded)).await;
        Ok(settled)
    }

    fn forget_run(&self, token: &ClaimToken) {
        if let Some(run) = self.known.remove(token) {
            self.slots().is_idle(token.process, &run.worker);
        }
    }

    /// The runs of these settlements. Those that this handle did not give out are read.
    async fn runs_of(&self, settlements: &[Settlement]) -> Result<HashMap<ClaimToken, ClaimedRun>, Error> {
        let mut runs = HashMap::new();
        let mut unknown = Vec::new();
        for Settlement { token, .. } in settlements {
            match self.known.get(token) {
                Some(run) => drop(runs.insert(*token, run)),
                None => unknown.push(*token),
            }
        }
        let stored = self.stored_runs(&unknown).await?;
        runs.extend(self.with_counted_attempts(stored).await?);
        Ok(runs)
    }

    /// What these claims hold in Redis.
    async fn stored_runs(&self, tokens: &[ClaimToken]) -> Result<Vec<(ClaimToken, ClaimedRun)>, Error> {
        if tokens.is_empty() {
            return Ok(Vec::new());
        }
        let mut commands = redis::pipe();
        for token in tokens {
            commands.cmd("HGET").arg(self.key(&keys::claims(token.process))).arg(token.claim);
        }
        let workers: Vec<Option<String>> = self.link.commands(&commands, DOING).await?;
        let claims = tokens.iter().copied().zip(workers);
        let claims: Vec<_> = claims.filter_map(|(token, worker)| Some((token, worker?))).collect();
        let runs = self.running(claims).await?;
        Ok(runs.into_iter().filter(|(token, run)| run.token == *token).collect())
    }

    /// What these workers perform, each if it does so by this claim. The run of a text that is not a job has no id.
    pub(crate) async fn running(
        &self,
        claims: Vec<(ClaimToken, String)>,
    ) -> Result<Vec<(ClaimToken, ClaimedRun)>, Error> {
        if claims.is_empty() {
            return Ok(Vec::new());
        }
        let mut commands = redis::pipe();
        for (_, worker) in &claims {
            commands.cmd("GET").arg(self.options.keys.worker(worker));
        }
        let values: Vec<Option<String>> = self.link.commands(&commands, DOING).await?;
        let run = |((token, worker), value): ((ClaimToken, String), Option<String>)| {
            let value = value?;
            let running = RunningJob::parse(&value).ok()?;
            let text = running.payload().to_owned();
            let job = Payload::parse(&text).map_or(super::claim::NO_ID, |payload| payload.id());
            let is_this = running.token().is_some_and(|it| it == token.claim.to_string());
            let held = ClaimToken::new(job, token.process, token.claim);
            let queue = running.queue()?;
            let run = ClaimedRun { token: held, worker, queue, value, text, attempts_of_ruby: 0 };
            is_this.then_some((token, run))
        };
        Ok(claims.into_iter().zip(values).filter_map(run).collect())
    }

    /// Adds the step of a settlement. `retry_on` and `discard_on` of Active Job raise nothing, so that Resque counts no failed run.
    fn add_settlement(&self, steps: &mut Steps, run: &ClaimedRun, decision: &Decision) -> Result<(), Error> {
        let (source, job, now) = (StepSource::Run(run), run.token.job, self.clock.now());
        let payload = || Ok(Payload::parse(&run.text)?.after_attempts_of_ruby(run.attempts_of_ruby));
        match decision {
            Decision::Discard { error: Some(_) } => {
                let is_raised = !payload()?.is_active_job();
                let counts = if is_raised { count::FAILED_FOR_GOOD } else { count::PROCESSED };
                steps.go(source, StepTarget::Nowhere, counts, job);
            }
            Decision::Release => steps.go(source, StepTarget::Left(&run.queue, &run.text), count::NOTHING, job),
            Decision::Retry { wait, .. } => {
                let delayed = self.retried(payload()?, run, decision);
                let is_raised = !delayed.payload.is_active_job();
                let counts = if is_raised { count::FAILED } else { count::ENDED };
                steps.go(source, StepTarget::Later(&delayed, now + *wait, now), counts, job);
            }
            Decision::Continue { wait, meta } => {
                let due = now + *wait;
                let delayed = DelayedJob::new(payload()?.with_meta(meta.as_deref()).due(due), &run.queue);
                steps.go(source, StepTarget::Later(&delayed, due, now), count::NOTHING, job);
            }
            Decision::Fail { meta, error } => {
                let record = self.failure(payload()?.with_meta(meta.as_deref()), run, error);
                let target = StepTarget::Failed(&self.failed_list(&run.queue), &record.text());
                steps.go(source, target, count::FAILED_FOR_GOOD, job);
            }
            _ => steps.go(source, StepTarget::Nowhere, count::PROCESSED, job),
        }
        Ok(())
    }

    /// The job of another attempt. One of Active Job is enqueued anew, as its own `retry_on` does.
    fn retried(&self, payload: Payload, run: &ClaimedRun, decision: &Decision) -> DelayedJob {
        let Decision::Retry { wait, queue, priority, meta, error } = decision else {
            return DelayedJob::new(payload, &run.queue);
        };
        let now = self.clock.now();
        let (due, queue) = (now + *wait, queue.as_deref().unwrap_or(&run.queue));
        if payload.is_active_job() {
            return DelayedJob::new(
                payload.enqueued_again(queue, meta.as_deref(), now, due, self.options.rails),
                queue,
            );
        }
        let failed = payload.with_meta(meta.as_deref()).failed(error).due(due);
        let failed = if let Some(priority) = priority { failed.with_priority(*priority) } else { failed };
        DelayedJob::new(failed, queue)
    }

    /// The failure record of a run.
    pub(crate) fn failure(&self, payload: Payload, run: &ClaimedRun, error: &ErrorRecord) -> FailureRecord {
        FailureRecord::new(&payload.failed(error), error, &run.worker, &run.queue, self.clock.now())
    }
}

fn is_known(decision: &Decision) -> Result<(), Error> {
    match decision {
        Decision::Finish { .. }
        | Decision::Discard { .. }
        | Decision::Release
        | Decision::Retry { .. }
        | Decision::Continue { .. }
        | Decision::Fail { .. } => Ok(()),
        _ => Err(Error::other(format!("the store on Resque's Redis does not know the decision {decision:?}"))),
    }
}
