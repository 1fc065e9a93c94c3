//! Due jobs become ready, each by one script: a job that a Ruby process moved meanwhile is not moved again.

use jobs_core::{DEFAULT_QUEUE, Dispatched, Error, JobId, RefusedJob, RefusedJobs, Timestamp};

use super::steps::{StepSource, StepTarget, Steps, count};
use super::work_script::micros_as_seconds;
use crate::SidekiqStore;
use crate::keys::{DEAD, RETRY, SCHEDULE};
use crate::payload::{Payload, id_of_unreadable, shown, times};

/// How many jobs are read and moved at a time.
const AT_A_TIME: usize = 1_000;

/// A member of a sorted set, and its score.
type Scored = (Vec<u8>, f64);

const DOING: &str = "make due jobs ready";

impl SidekiqStore {
    pub(crate) async fn dispatch_due(&self, limit: usize) -> Result<Dispatched, Error> {
        let next_cron = self.serve_cron().await;
        let mut dispatched = Dispatched::new(0, None);
        while dispatched.ready < limit {
            let due = self.due(AT_A_TIME.min(limit - dispatched.ready)).await?;
            if due.is_empty() {
                break;
            }
            let answer = self.make_each(self.pushes(&due), DOING).await?;
            dispatched.ready += answer.done.iter().filter(|done| **done).count();
            for (step, reason) in answer.refused {
                if let Some((_, (text, _))) = due.get(step) {
                    dispatched.refused.push(self.refuse(&self.refused.dispatch, id_of(text), "dispatch", &reason)?);
                }
            }
        }
        let next = self.next_due().await?.into_iter().chain(next_cron).min();
        dispatched.next_in = next.map(|due| due.duration_since(self.clock.now()));
        Ok(dispatched)
    }

    /// Leaves a job out for a while that Redis refuses to move.
    ///
    /// # Errors
    /// The refusal, if too many are left out.
    pub(crate) fn refuse(
        &self,
        refused: &RefusedJobs,
        job: JobId,
        what: &str,
        reason: &str,
    ) -> Result<RefusedJob, Error> {
        let message = format!("Redis cannot {what} job {job}: {reason}");
        refused.refuse(job, self.clock.now(), &message).ok_or_else(|| Error::other(message))
    }

    /// The members that are due, those that are due first first.
    async fn due(&self, most: usize) -> Result<Vec<(&'static str, Scored)>, Error> {
        let until = micros_as_seconds(self.clock.now());
        let mut due = self.first(&until, most).await?;
        due.truncate(most);
        Ok(due)
    }

    /// The first members of both sets up to a score, at least so many if there are, without those that are left out.
    async fn first(&self, until: &str, most: usize) -> Result<Vec<(&'static str, Scored)>, Error> {
        let left_out = self.refused.dispatch.left_out(self.clock.now());
        let mut commands = redis::pipe();
        for set in [SCHEDULE, RETRY] {
            commands.cmd("ZRANGEBYSCORE").arg(self.key(set)).arg("-inf").arg(until);
            commands.arg("WITHSCORES").arg("LIMIT").arg(0).arg(most + left_out.len());
        }
        let (scheduled, retried): (Vec<Scored>, Vec<Scored>) = self.link.commands(&commands, DOING).await?;
        let scheduled = scheduled.into_iter().map(|member| (SCHEDULE, member));
        let mut first: Vec<_> = scheduled.chain(retried.into_iter().map(|member| (RETRY, member))).collect();
        first.retain(|(_, (text, _))| left_out.is_empty() || !left_out.contains(&id_of(text)));
        first.sort_by(|(_, (_, one)), (_, (_, other))| one.total_cmp(other));
        Ok(first)
    }

    /// The steps that push them. What is no payload goes to the dead jobs: Sidekiq's own poller would lose it.
    fn pushes(&self, due: &[(&'static str, Scored)]) -> Steps {
        let (now, mut steps) = (self.clock.now(), Steps::default());
        for (set, (text, _)) in due {
            let from = StepSource::Set(set, text);
            let payload = std::str::from_utf8(text).ok().and_then(|text| Payload::parse(text).ok());
            if let Some(payload) = payload {
                let (queue, id) = (payload.queue(), payload.id);
                let text = payload.with_jid(&self.entropy).pushed(self.unit(), now).text();
                steps.go(from, StepTarget::Left(&queue, text.as_bytes()), count::NOTHING, id);
            } else {
                let text = shown(text, DEFAULT_QUEUE);
                steps.go(from, StepTarget::Set(DEAD, now, &text), count::NOTHING, NO_ID);
            }
        }
        steps
    }

    /// When the next job is due.
    async fn next_due(&self) -> Result<Option<Timestamp>, Error> {
        let first = self.first("+inf", 1).await?;
        Ok(first.first().map(|(_, (_, score))| times::of_seconds(*score)))
    }
}

/// The id of the job of a text.
fn id_of(text: &[u8]) -> JobId {
    let payload = std::str::from_utf8(text).ok().and_then(|text| Payload::parse(text).ok());
    payload.map_or_else(|| id_of_unreadable(text), |payload| payload.id)
}

/// For steps that count nothing.
pub(crate) const NO_ID: JobId = JobId::from_bytes([0; 16]);
