//! The capability to change jobs and queues manually: each text is moved only if it is still where it was found.

use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::time::Duration;

use jobs_core::{Due, Error, JobId, Manage, StoreFuture, check_queue_name};
use jobs_redis::unless_refused;

use crate::SidekiqStore;
use crate::inspect::{Found, Location};
use crate::keys::SCHEDULE;
use crate::work::{StepSource, StepTarget, Steps, count};

/// How many jobs are taken out of queues at a time. For each of them Redis reads the whole list and serves no other client
/// meanwhile.
const IN_QUEUES_AT_A_TIME: usize = 10;

impl Manage for SidekiqStore {
    fn retry<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(self.change(jobs, "retry jobs", Self::add_retry))
    }

    fn discard<'a>(&'a self, jobs: &'a [JobId]) -> StoreFuture<'a, u64> {
        Box::pin(self.change(jobs, "discard jobs", |_, steps, found| {
            if let Some(source) = source(found) {
                steps.go(source, StepTarget::Nowhere, count::NO_CRASHES, found.id());
            }
        }))
    }

    fn reschedule<'a>(&'a self, jobs: &'a [JobId], due: Due) -> StoreFuture<'a, u64> {
        Box::pin(
            self.change(jobs, "reschedule jobs", move |store, steps, found| store.add_reschedule(steps, found, due)),
        )
    }

    fn pause<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            check_queue_name(queue)?;
            self.paused("SADD", queue, "pause a queue").await
        })
    }

    fn resume<'a>(&'a self, queue: &'a str) -> StoreFuture<'a, bool> {
        Box::pin(self.paused("SREM", queue, "resume a queue"))
    }

    /// There are no finished and discarded jobs to delete.
    fn prune(&self, _older_than: Duration, _limit: usize) -> StoreFuture<'_, u64> {
        Box::pin(std::future::ready(Ok(0)))
    }
}

/// Where a text is that no process holds.
fn source(found: &Found) -> Option<StepSource<'_>> {
    match &found.location {
        Location::Queue(queue) => Some(StepSource::Queue(queue, &found.text)),
        Location::Set(set, _) => Some(StepSource::Set(set, &found.text)),
        Location::Claimed { .. } => None,
    }
}

impl SidekiqStore {
    /// Makes a step for each of the jobs that is found; how many were done.
    async fn change(
        &self,
        jobs: &[JobId],
        doing: &str,
        add: impl Fn(&Self, &mut Steps, &Found) + Send + Sync,
    ) -> Result<u64, Error> {
        let found = self.found(jobs).await?;
        let is_in_queue = |found: &Found| matches!(found.location, Location::Queue(_));
        let (in_queues, others): (Vec<_>, Vec<_>) = found.into_iter().partition(is_in_queue);
        let (mut done, mut refused) = (0, Vec::new());
        // From the last to the first: of jobs that become due at one time, those that are added last come first.
        for some in in_queues.rchunks(IN_QUEUES_AT_A_TIME).chain([&*others]) {
            let mut steps = Steps::default();
            for found in some {
                add(self, &mut steps, found);
            }
            let answer = self.make_each(steps, doing).await?;
            done += answer.done.into_iter().map(u64::from).sum::<u64>();
            refused.extend(answer.refused.into_values());
        }
        unless_refused(done, &refused, doing)
    }

    /// The texts of these jobs, each once, in their order. A job that went back while it was looked for is seen at the second look.
    async fn found(&self, jobs: &[JobId]) -> Result<Vec<Found>, Error> {
        let mut wanted: HashSet<JobId> = jobs.iter().copied().collect();
        let mut found = HashMap::new();
        for _look in 0..2 {
            if wanted.is_empty() {
                break;
            }
            self.scan(None, |one| {
                let id = one.id();
                if wanted.contains(&id) {
                    found.insert(id, one);
                }
                ControlFlow::Continue(())
            })
            .await?;
            wanted.retain(|id| !found.contains_key(id));
        }
        Ok(jobs.iter().filter_map(|job| found.remove(job)).collect())
    }

    fn add_retry(&self, steps: &mut Steps, found: &Found) {
        let (Location::Set(set, _), Ok(payload)) = (&found.location, found.payload()) else { return };
        let (now, id, queue) = (self.clock.now(), payload.id, payload.queue());
        let text = payload.with_jid(&self.entropy).due(now).pushed(self.unit(), now).text();
        steps.go(StepSource::Set(set, &found.text), StepTarget::Left(&queue, text.as_bytes()), count::NO_CRASHES, id);
    }

    fn add_reschedule(&self, steps: &mut Steps, found: &Found, due: Due) {
        let Ok(payload) = found.payload() else { return };
        let (id, due) = (payload.id, due.at(self.clock.now()));
        match &found.location {
            Location::Queue(queue) => {
                let text = payload.with_jid(&self.entropy).moved(queue).scheduled(due).text();
                let source = StepSource::Queue(queue, &found.text);
                steps.go(source, StepTarget::Set(SCHEDULE, due, text.as_bytes()), count::NOTHING, id);
            }
            Location::Set(set, _) if *set != crate::keys::DEAD => {
                let text = payload.due(due).text();
                steps.go(
                    StepSource::Set(set, &found.text),
                    StepTarget::Set(set, due, text.as_bytes()),
                    count::NOTHING,
                    id,
                );
            }
            _ => {}
        }
    }

    async fn paused(&self, command: &str, queue: &str, doing: &str) -> Result<bool, Error> {
        let mut commands = redis::pipe();
        commands.cmd(command).arg(self.key("paused")).arg(queue);
        commands.cmd("PUBLISH").arg(self.changes.channel()).arg("").ignore();
        let (changed,): (i64,) = self.link.commands(&commands, doing).await?;
        self.changes.notify();
        Ok(changed == 1)
    }
}
