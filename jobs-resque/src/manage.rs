//! The capability to change jobs and queues manually: each text is moved only if it is still where it was found.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use jobs_core::{Due, Error, JobId, Manage, ManualChange, StoreFuture, Timestamp, check_queue_name};
use jobs_redis::unless_refused;

use crate::inspect::{Found, TextLocation};
use crate::work::{StepSource, StepTarget, Steps, count};
use crate::{DelayedJob, FailureRecord, ResqueStore, scripts};

/// How many jobs are moved at a time. For most of them Redis reads a whole list, and serves no other client meanwhile.
const AT_A_TIME: usize = 10;

impl Manage for ResqueStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(self.change(jobs, ManualChange::Retry, "retry jobs"))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(self.change(jobs, ManualChange::Discard, "discard jobs"))
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        Box::pin(self.change(jobs, ManualChange::Reschedule(due), "reschedule jobs"))
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            check_queue_name(queue)?;
            self.set_paused(queue, true, "pause a queue").await
        })
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.set_paused(queue, false, "resume a queue"))
    }

    /// There are no finished and discarded jobs to delete.
    fn prune(&self, _older_than: Duration, _limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(std::future::ready(Ok(0)))
    }
}

impl ResqueStore {
    /// Makes a step for each of the jobs that is found; how many were done.
    async fn change(&self, jobs: &[JobId], change: ManualChange, doing: &str) -> Result<u64, Error> {
        let found = self.found(jobs).await?;
        let (mut done, mut refused) = (0, Vec::new());
        for some in found.chunks(AT_A_TIME) {
            let now = self.clock.now();
            // A due second belongs to the master of resque-scheduler, which would enqueue its jobs again if it changed.
            let is_any_due = some.iter().any(|found| is_due(found, now));
            if is_any_due {
                self.become_master().await?;
            }
            let mut steps = Steps::default();
            for found in some {
                add_change(&mut steps, found, change, now);
            }
            let answer = self.make_each(steps, doing).await;
            // Also after an error: a scheduler of Ruby waits for the lock.
            let released = if is_any_due { self.let_go().await } else { Ok(()) };
            let answer = answer?;
            released?;
            done += answer.done.into_iter().map(u64::from).sum::<u64>();
            refused.extend(answer.refused.into_values());
        }
        unless_refused(done, &refused, doing)
    }

    /// The texts of these jobs, each once, in their order. What is removed from a list while it is read may hide others, so those
    /// that were not found are looked for again.
    async fn found(&self, jobs: &[JobId]) -> Result<Vec<Found>, Error> {
        let mut missing: HashSet<JobId> = jobs.iter().copied().collect();
        let mut found = HashMap::new();
        for _ in 0..2 {
            if !missing.is_empty() {
                self.scan(None, |one| {
                    let id = one.id();
                    if missing.contains(&id) {
                        found.insert(id, one);
                    }
                    ControlFlow::Continue(())
                })
                .await?;
            }
            missing.retain(|id| !found.contains_key(id));
        }
        Ok(jobs.iter().filter_map(|job| found.remove(job)).collect())
    }

    async fn set_paused(&self, queue: &str, paused: bool, doing: &str) -> Result<bool, Error> {
        let words = [self.options.keys.prefix(), self.changes.channel().to_owned(), queue.to_owned()];
        let words = words.into_iter().chain([u8::from(paused).to_string()]);
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).collect();
        let changed: i64 = self.link.run(&scripts::PAUSE, &arguments, doing).await?;
        self.changes.notify();
        Ok(changed == 1)
    }
}

/// Adds the step of a change, if it can be made where the job is.
fn add_change(steps: &mut Steps, found: &Found, change: ManualChange, now: Timestamp) {
    let Some(source) = source(found, now) else { return };
    let (id, failed) = (found.id(), matches!(found.location, TextLocation::Failed(_)));
    let job = found.job().and_then(|job| Ok(DelayedJob::new(job.payload.performable()?, job.queue))).ok();
    match (change, job) {
        (ManualChange::Discard, _) => steps.go(source, StepTarget::Nowhere, count::NO_CRASHES, id),
        (ManualChange::Retry, Some(job)) if !matches!(found.location, TextLocation::Queue(_)) => {
            let record = found.failure().ok().filter(|_| failed).map(|record| FailureRecord::retried(record, now));
            let record = record.map(|record| record.text()).unwrap_or_default();
            let source = match source {
                StepSource::Failed(list, text) => StepSource::Retried(list, text, &record),
                other => other,
            };
            let text = job.payload.due(now).text();
            steps.go(source, StepTarget::Right(&job.queue, &text), count::NO_CRASHES, id);
        }
        (ManualChange::Reschedule(due), Some(job)) if !failed => {
            let due = due.at(now);
            let job = DelayedJob::new(job.payload.due(due), job.queue);
            steps.go(source, StepTarget::Later(&job, due, now), count::NOTHING, id);
        }
        _ => {}
    }
}

/// Where a text is that no worker performs.
fn source(found: &Found, now: Timestamp) -> Option<StepSource<'_>> {
    match &found.location {
        TextLocation::Queue(queue) => Some(StepSource::Queue(queue, &found.text)),
        TextLocation::Delayed(waiting) if is_due(found, now) => Some(StepSource::Due(waiting)),
        TextLocation::Delayed(waiting) => Some(StepSource::Delayed(waiting)),
        TextLocation::Soon(_) => Some(StepSource::Soon(&found.text)),
        TextLocation::Failed(list) => Some(StepSource::Failed(list, &found.text)),
        TextLocation::Claimed { .. } => None,
    }
}

/// Whether the master of resque-scheduler may be moving it, or is about to.
fn is_due(found: &Found, now: Timestamp) -> bool {
    let second = DelayedJob::second_of(now).saturating_add(crate::work::SOON);
    matches!(&found.location, TextLocation::Delayed(waiting) if waiting.second <= second)
}
