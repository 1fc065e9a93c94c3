//! Takes the ticks of jobs of sidekiq-cron whose class is one of ours, as its poller does.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jobs_core::{Claim, Entropy, Error, JobId, LogText, Timestamp};
use jobs_redis::LastReason;
use uuid::Uuid;

use super::cron_job::{CronJob, history, utc};
use crate::payload::{Payload, jid_of};
use crate::{SidekiqStore, scripts};

/// How often the jobs are read: sidekiq-cron reads them every 30 seconds, and takes a tick for 60.
const EVERY: Duration = Duration::from_secs(10);

/// How long sidekiq-cron remembers the ticks that were taken.
const REMEMBERED: Duration = Duration::from_secs(24 * 60 * 60);

/// What is known between two looks.
#[derive(Debug, Default)]
pub(crate) struct CronServing {
    state: Mutex<CronState>,
    /// Why jobs were not enqueued, as it was told last.
    told: LastReason,
    /// Why jobs are not shown, as it was told last.
    pub(super) not_shown: LastReason,
}

#[derive(Debug, Default)]
struct CronState {
    /// The names of the jobs that the processes of this handle can perform.
    names: HashSet<String>,
    /// When to look again.
    next: Option<Timestamp>,
}

impl CronServing {
    fn lock(&self) -> MutexGuard<'_, CronState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes down which jobs a process can perform.
    pub(crate) fn claims(&self, claim: &Claim) {
        let Some(names) = &claim.names else { return };
        let mut state = self.lock();
        if !names.iter().all(|name| state.names.contains(name)) {
            state.names.extend(names.iter().cloned());
            state.next = None;
        }
    }
}

impl SidekiqStore {
    /// Enqueues the jobs of sidekiq-cron that are due, and answers when to look again; `None` if they are not served. An error
    /// holds up no other job.
    pub(crate) async fn serve_cron(&self) -> Option<Timestamp> {
        let now = self.clock.now();
        let (is_due, next) = {
            let state = self.cron.lock();
            let is_due = state.next.is_none_or(|next| next <= now || now + EVERY < next);
            (is_due, state.next)
        };
        if !self.options.cron.is_served || !is_due {
            return next.filter(|_| self.options.cron.is_served);
        }
        let (next, reasons) = match self.enqueue_due_cron(now).await {
            Ok((next, reasons)) => (next.unwrap_or(now + EVERY).min(now + EVERY), reasons),
            Err(error) => (now + EVERY, vec![error.to_string()]),
        };
        if let Some(reason) = self.cron.told.new_of(reasons, true) {
            tracing::warn!(
                reason = %LogText::field(&reason),
                "jobs of sidekiq-cron are not enqueued; it is tried again"
            );
        }
        self.cron.lock().next = Some(next);
        Some(next)
    }

    /// When the next of them is due, and why some were not enqueued.
    async fn enqueue_due_cron(&self, now: Timestamp) -> Result<(Option<Timestamp>, Vec<String>), Error> {
        let (mut next, mut reasons) = (None, Vec::new());
        let jobs = self.read_cron_jobs(&mut reasons).await?;
        let (names, grace) = (self.options.names, self.options.cron.grace.min(REMEMBERED));
        for job in jobs.iter().filter_map(|job| CronJob::read(job, self.options.writes_active_jobs)) {
            if !job.is_enabled() || !self.cron.lock().names.contains(&job.name(names)) {
                continue;
            }
            let task = job.record(names, self.cron_zone(), now).task;
            let enqueued = match job.due_tick(&task, grace, now) {
                Ok(Some(tick)) => self.enqueue_tick(&job, tick, now).await,
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            };
            reasons.extend(enqueued.err().map(|error| format!("`{}`: {error}", job.key)));
            next = next.into_iter().chain(task.when().ok().and_then(|schedule| schedule.next_after(now))).min();
        }
        Ok((next, reasons))
    }

    /// Enqueues the job of a tick, unless another process does.
    async fn enqueue_tick(&self, job: &CronJob<'_>, tick: Timestamp, now: Timestamp) -> Result<(), Error> {
        let (high, low) = (self.entropy.next_u64(), self.entropy.next_u64());
        let id = uuid::Builder::from_random_bytes(*Uuid::from_u64_pair(high, low).as_bytes()).into_uuid();
        let jid = jid_of(JobId::from_bytes(*id.as_bytes()));
        let text = job.message_at(&id.hyphenated().to_string(), now);
        let payload = Payload::parse(&text).map_err(|why| Error::corrupt(format!("the job `{}`: {why}", job.key)))?;
        let text = payload.with_new_jid(&jid).pushed(self.unit(), now).text();
        let words = [
            self.options.namespace_prefix(),
            self.changes.channel().to_owned(),
            job.key.to_owned(),
            job.cron(),
            utc(tick, "%Y-%m-%dT%H:%M:%SZ"),
            format!("{:?}", crate::payload::times::seconds(tick)),
            format!("{:?}", crate::payload::times::seconds(now - REMEMBERED)),
            job.queue(),
            text,
            utc(now, "%Y-%m-%d %H:%M:%S +0000"),
            history(&jid, now),
        ];
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).into();
        let is_taken: bool = self.link.run(&scripts::CRON_TICK, &arguments, "enqueue a job of sidekiq-cron").await?;
        if is_taken {
            self.changes.notify();
        }
        Ok(())
    }
}
