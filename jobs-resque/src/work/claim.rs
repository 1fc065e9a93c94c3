//! Claimed texts become executions. What is not a job is put where people see it.

use std::collections::HashMap;

use jobs_core::{Claim, ClaimToken, Error, ErrorRecord, Execution, JobId, LogText, QueueSelector};
use jobs_redis::redis;

use super::slots::FreeSlots;
use super::steps::{ClaimedRun, StepSource, StepTarget, Steps, count};
use crate::times::{heartbeat_text, run_at_text, started_text};
use crate::{DelayedJob, FailureRecord, Payload, ResqueStore, keys, scripts};

/// How many jobs one claim takes at most.
const LIMIT_MAX: usize = 10_000;

/// The answer of the script: worker, queue, value and text of each job, whether crashes are counted, whether texts were put aside,
/// why queues give no jobs, and whether the script stopped at too many texts that are not JSON.
type ClaimAnswer = (Vec<[String; 4]>, i64, i64, Vec<String>, bool);

/// How many texts that are not JSON are reported at a time: as many as a claim puts aside.
const REPORTED: usize = 1_000;

/// The class of the errors of what is not a job.
const CORRUPT: &str = "jobs::Corrupt";

impl ResqueStore {
    pub(crate) async fn claim_jobs(&self, claim: &Claim) -> Result<Vec<Execution>, Error> {
        self.changes.claims(claim);
        if claim.limit == 0 || claim.queues.is_empty() {
            return Ok(Vec::new());
        }
        self.release_lost(claim.process).await?;
        let limit = claim.limit.min(LIMIT_MAX);
        let first = self.next_claims(limit);
        let slots = self.slots().claims(claim);
        let arguments = self.claim_arguments(claim, limit, first, &slots);
        let unread = self.lost.begin(claim.process, first..first + u64::try_from(limit).unwrap_or(0));
        let (claimed, has_crashes, has_unreadable, no_queue, has_stopped): ClaimAnswer =
            self.link.run(&scripts::CLAIM, &arguments, "claim jobs").await?;
        // A claim that got all it asked for has not looked at all queues.
        if let Some(reason) = self.no_queue.new_of(no_queue, claimed.len() < limit && !has_stopped) {
            tracing::warn!(
                reason = %LogText::field(&reason),
                "jobs of queues cannot be claimed; the other queues go on"
            );
        }
        // The texts are kept until a later claim reports them; the jobs of this one must not wait for that.
        if has_unreadable == 1 {
            let reason =
                self.report_unreadable().await.map_or_else(|error| error.to_string(), Option::unwrap_or_default);
            if self.told.is_new(&reason) {
                tracing::warn!(reason = %LogText::field(&reason), "texts that are not jobs are not reported yet");
            }
        }
        if has_stopped {
            // There may be jobs behind those texts: workers are to claim again at once.
            self.changes.notify();
        }
        let executions = self.executions(claim, first, claimed, has_crashes == 1).await?;
        unread.arrived();
        self.changes.got(executions.len());
        Ok(executions)
    }

    fn claim_arguments(&self, claim: &Claim, limit: usize, first: u64, slots: &FreeSlots) -> Vec<Vec<u8>> {
        let now = self.clock.now();
        let mut words =
            vec![self.options.keys.prefix(), claim.process.to_string(), limit.to_string(), first.to_string()];
        words.extend([heartbeat_text(now), started_text(now), run_at_text(now)]);
        words.extend([DelayedJob::second_of(now).to_string(), slots.before.clone(), slots.after.clone()]);
        words.push(slots.free.len().to_string());
        words.extend(slots.free.iter().map(usize::to_string));
        words.push(claim.queues.len().to_string());
        for queues in &claim.queues {
            let (kind, name) = match &queues.selector {
                QueueSelector::Exact(name) => ("exact", name.as_str()),
                QueueSelector::Prefix(prefix) => ("prefix", prefix.as_str()),
                _ => ("prefix", ""),
            };
            words.extend([kind.to_owned(), name.to_owned(), queues.limit.min(LIMIT_MAX).to_string()]);
        }
        words.into_iter().map(String::into_bytes).collect()
    }

    async fn executions(
        &self,
        claim: &Claim,
        first: u64,
        claimed: Vec<[String; 4]>,
        has_crashes: bool,
    ) -> Result<Vec<Execution>, Error> {
        let (mut performed, mut steps) = (Vec::new(), Steps::default());
        for (number, [worker, queue, value, text]) in (first..).zip(claimed) {
            let payload = Payload::parse(&text);
            let id = payload.as_ref().map_or(NO_ID, Payload::id);
            let token = ClaimToken::new(id, claim.process, number.cast_signed());
            let run = ClaimedRun { token, worker, queue, value, text, attempts_of_ruby: 0 };
            match payload.and_then(Payload::performable) {
                Ok(payload) => performed.push((run, payload)),
                Err(why) => self.add_unreadable(&mut steps, &run, &why),
            }
        }
        let put_aside = self.make_each(steps, "put aside what cannot be performed").await?;
        for reason in put_aside.refused.values() {
            tracing::warn!(
                reason = %LogText::field(&reason),
                "a text that cannot be performed cannot be put aside, and stays with its worker"
            );
        }
        let (runs, payloads): (Vec<ClaimedRun>, Vec<Payload>) = performed.into_iter().unzip();
        let payloads = self.with_attempts_of_ruby(payloads).await?;
        let ids = runs.iter().map(|run| run.token.job);
        let crashes = if has_crashes { self.crashes_of(ids.collect()).await? } else { HashMap::new() };
        let (mut slots, now) = (self.slots(), self.clock.now());
        let execution = |(mut run, payload): (ClaimedRun, Payload)| {
            run.attempts_of_ruby = payload.attempts_of_ruby();
            slots.is_busy(claim.process, &run.worker);
            let mut execution = payload.execution(run.token, run.queue.as_str());
            execution.name = self.options.names.name_of(&execution.name).into_owned();
            // Resque tells no times, and a wait since 1970 is none.
            execution.enqueued_at = payload.received_at().unwrap_or(now);
            execution.due_at = payload.due_at().unwrap_or(execution.enqueued_at);
            execution.crashes = crashes.get(&run.token.job).copied().unwrap_or(0);
            self.known.add(run);
            execution
        };
        Ok(runs.into_iter().zip(payloads).map(execution).collect())
    }

    /// Adds the step that makes a failure of what cannot be performed.
    fn add_unreadable(&self, steps: &mut Steps, run: &ClaimedRun, why: &Error) {
        let error = ErrorRecord::new(CORRUPT, why.to_string());
        let record =
            FailureRecord::of_unreadable(run.text.as_bytes(), &error, &run.worker, &run.queue, self.clock.now());
        let target = StepTarget::Failed(&self.failed_list(&run.queue), &record.text());
        steps.go(StepSource::Run(run), target, count::FAILED, NO_ID);
    }

    /// Writes failure records of the texts that claims have put aside, those of killed processes too. Answers why Redis refuses
    /// one, if it does.
    async fn report_unreadable(&self) -> Result<Option<String>, Error> {
        let mut commands = redis::pipe();
        commands.cmd("LRANGE").arg(self.key(keys::UNREADABLE)).arg(0).arg(REPORTED - 1);
        let (texts,): (Vec<Vec<u8>>,) = self.link.commands(&commands, "read what is not a job").await?;
        let error = ErrorRecord::new(CORRUPT, "this text in the queue is not JSON");
        let mut steps = Steps::default();
        for aside in &texts {
            let at = aside.iter().position(|byte| *byte == b'\n').unwrap_or(0);
            let (queue, text) = (String::from_utf8_lossy(&aside[..at]), aside.get(at + 1..).unwrap_or_default());
            let record = FailureRecord::of_unreadable(text, &error, "", &queue, self.clock.now()).text();
            let target = StepTarget::Failed(&self.failed_list(&queue), &record);
            steps.go(StepSource::Aside(aside), target, count::NOTHING, NO_ID);
        }
        let answer = self.make_each(steps, "report what is not a job").await?;
        Ok(answer.refused.into_values().next())
    }

    /// How many processes died while they ran these jobs.
    pub(crate) async fn crashes_of(&self, jobs: Vec<JobId>) -> Result<HashMap<JobId, u32>, Error> {
        self.link.crashes(&self.key(keys::CRASHES), jobs).await
    }

    /// The list of failures of this queue.
    pub(crate) fn failed_list(&self, queue: &str) -> String {
        if self.options.has_failures_by_queue { format!("{queue}_failed") } else { keys::FAILED.to_owned() }
    }
}

/// For steps that count nothing.
pub(crate) const NO_ID: JobId = JobId::from_bytes([0; 16]);
