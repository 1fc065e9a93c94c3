//! Due jobs become ready, each by one script: a job that a Ruby process moved meanwhile is not moved again.

use jobs_core::{DEFAULT_QUEUE, Dispatched, Error, JobId, Timestamp};

use super::steps::{StepSource, StepTarget, Steps, count};
use super::work_script::micros_as_seconds;
use crate::SidekiqStore;
use crate::keys::{DEAD, RETRY, SCHEDULE};
use crate::payload::{Payload, shown, times};

/// How many jobs are read and moved at a time.
const AT_A_TIME: usize = 1_000;

/// A member of a sorted set, and its score.
type Scored = (Vec<u8>, f64);

const DOING: &str = "make due jobs ready";

impl SidekiqStore {
    pub(crate) async fn dispatch_due(&self, limit: usize) -> Result<Dispatched, Error> {
        let mut ready = 0;
        while ready < limit {
            let due = self.due(AT_A_TIME.min(limit - ready)).await?;
            if due.is_empty() {
                break;
            }
            let answer = self.make(self.pushes(&due), DOING).await?;
            ready += answer.done.iter().filter(|done| **done).count();
        }
        Ok(Dispatched::new(ready, self.next_due().await?.map(|due| due.duration_since(self.clock.now()))))
    }

    /// The members that are due, those that are due first first.
    async fn due(&self, most: usize) -> Result<Vec<(&'static str, Scored)>, Error> {
        let until = micros_as_seconds(self.clock.now());
        let mut commands = redis::pipe();
        for set in [SCHEDULE, RETRY] {
            commands.cmd("ZRANGEBYSCORE").arg(self.key(set)).arg("-inf").arg(&until);
            commands.arg("WITHSCORES").arg("LIMIT").arg(0).arg(most);
        }
        let (scheduled, retried): (Vec<Scored>, Vec<Scored>) = self.link.commands(&commands, DOING).await?;
        let scheduled = scheduled.into_iter().map(|member| (SCHEDULE, member));
        let mut due: Vec<_> = scheduled.chain(retried.into_iter().map(|member| (RETRY, member))).collect();
        due.sort_by(|(_, (_, one)), (_, (_, other))| one.total_cmp(other));
        due.truncate(most);
        Ok(due)
    }

    /// The steps that push them. What is no payload goes to the dead jobs: Sidekiq's own poller would lose it.
    fn pushes(&self, due: &[(&'static str, Scored)]) -> Steps {
        let (now, mut steps) = (self.clock.now(), Steps::default());
        for (set, (text, _)) in due {
            let from = StepSource::Set(set, text);
            let payload = std::str::from_utf8(text).ok().and_then(|text| Payload::parse(text).ok());
            if let Some(payload) = payload {
                let (queue, id, text) = (payload.queue(), payload.id, payload.pushed(self.unit(), now).text());
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
        let mut commands = redis::pipe();
        for set in [SCHEDULE, RETRY] {
            commands.cmd("ZRANGE").arg(self.key(set)).arg(0).arg(0).arg("WITHSCORES");
        }
        let (scheduled, retried): (Vec<Scored>, Vec<Scored>) = self.link.commands(&commands, DOING).await?;
        let earliest = scheduled.iter().chain(&retried).map(|(_, score)| *score).min_by(f64::total_cmp);
        Ok(earliest.map(times::of_seconds))
    }
}

/// For steps that count nothing.
pub(crate) const NO_ID: JobId = JobId::from_bytes([0; 16]);
