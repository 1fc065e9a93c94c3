//! Due jobs become ready: those of resque-scheduler while no scheduler of Ruby moves them, and those that are due soon always.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use jobs_core::{DEFAULT_QUEUE, Dispatched, Error, ErrorRecord, JobId, RefusedJob, RefusedJobs, Timestamp};
use jobs_redis::redis;

use super::claim::NO_ID;
use super::steps::{StepSource, StepTarget, Steps, count};
use crate::delayed::{DelayedEntry, second_of_member};
use crate::payload::id_of_text;
use crate::{DelayedJob, FailureRecord, ResqueStore, keys, scripts};

/// How many jobs are read and moved at a time.
const AT_A_TIME: usize = 200;

/// So many members of the schedule that are no seconds do not hide the next one that is.
const NO_SECONDS: usize = 10;

/// Seconds until the lock of a master expires that was killed while it moved jobs. A scheduler of Ruby waits for it.
const LOCK_EXPIRES: u32 = 30;

const DOING: &str = "make due jobs ready";

/// A member of a sorted set, with its score.
type Scored = (Vec<u8>, f64);

/// A job that is due.
enum DueJob {
    Delayed(Box<DelayedEntry>),
    /// A member of those that are due soon, and its score.
    Soon(Vec<u8>, Timestamp),
}

impl DueJob {
    fn due(&self) -> Timestamp {
        match self {
            Self::Delayed(waiting) => waiting.due(),
            Self::Soon(_, due) => *due,
        }
    }

    fn id(&self) -> JobId {
        match self {
            Self::Delayed(waiting) => entry_id(waiting),
            Self::Soon(member, _) => soon_id(member),
        }
    }
}

impl ResqueStore {
    pub(crate) async fn dispatch_due(&self, limit: usize) -> Result<Dispatched, Error> {
        let dispatched = self.move_due(limit).await;
        // Also after an error: a scheduler of Ruby waits for the lock.
        let released = self.let_go().await;
        let dispatched = dispatched?;
        released?;
        Ok(dispatched)
    }

    /// Moves what is due; may leave this handle as the master.
    async fn move_due(&self, limit: usize) -> Result<Dispatched, Error> {
        let mut dispatched = Dispatched::new(0, None);
        let is_master = loop {
            let most = AT_A_TIME.min(limit - dispatched.ready);
            let (is_master, due) = self.due(most).await?;
            if due.is_empty() || most == 0 {
                break is_master;
            }
            let answer = self.make_each(self.due_steps(&due), DOING).await?;
            let moved = answer.done.into_iter().filter(|moved| *moved).count();
            dispatched.ready += moved;
            if moved == 0 && answer.refused.is_empty() {
                break is_master;
            }
            for (step, reason) in answer.refused {
                if let Some(due) = due.get(step) {
                    dispatched.refused.push(self.refuse(&self.refused.dispatch, due.id(), "dispatch", &reason)?);
                }
            }
        };
        dispatched.next_in = self.next_due(is_master).await?.map(|due| due.duration_since(self.clock.now()));
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

    /// Whether this process may move the jobs of resque-scheduler, and what is due, in the order of its times.
    async fn due(&self, most: usize) -> Result<(bool, Vec<DueJob>), Error> {
        let now = self.clock.now();
        let left_out = self.refused.dispatch.left_out(now);
        // A second may have more jobs that are due later in it than are moved at a time.
        let (is_master, delayed) = self.delayed_due(now, most.max(AT_A_TIME) + left_out.len()).await?;
        let mut commands = redis::pipe();
        commands.cmd("ZRANGEBYSCORE").arg(self.key(keys::SOON)).arg("-inf").arg(now.as_micros());
        commands.arg("WITHSCORES").arg("LIMIT").arg(0).arg(most + left_out.len());
        let (soon,): (Vec<Scored>,) = self.link.commands(&commands, DOING).await?;
        let soon = soon.into_iter().map(|(member, score)| DueJob::Soon(member, of_score(score)));
        let delayed = delayed
            .into_iter()
            .filter(|waiting| waiting.due() <= now)
            .map(|waiting| DueJob::Delayed(Box::new(waiting)));
        let mut due: Vec<DueJob> = delayed.chain(soon).collect();
        due.retain(|due| left_out.is_empty() || !left_out.contains(&due.id()));
        due.sort_by_key(DueJob::due);
        due.truncate(most);
        Ok((is_master, due))
    }

    async fn delayed_due(&self, now: Timestamp, read: usize) -> Result<(bool, Vec<DelayedEntry>), Error> {
        let keys = &self.options.keys;
        let words = [keys.prefix(), keys.master_lock(), self.scheduler_name(), LOCK_EXPIRES.to_string()];
        let words = words.into_iter().chain([DelayedJob::second_of(now).to_string(), read.to_string()]);
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).collect();
        let (is_master, texts): (bool, Vec<(i64, Vec<u8>)>) = self.link.run(&scripts::DUE, &arguments, DOING).await?;
        Ok((is_master, self.with_members(texts).await?))
    }

    /// Entries of the schedule with what only we know of them.
    pub(crate) async fn with_members(&self, texts: Vec<(i64, Vec<u8>)>) -> Result<Vec<DelayedEntry>, Error> {
        let entries: Vec<DelayedEntry> =
            texts.into_iter().map(|(second, text)| DelayedEntry::new(second, text)).collect();
        let mut members: HashMap<(i64, String), Vec<String>> = HashMap::new();
        for entry in entries.iter().filter(|entry| entry.job().is_some()) {
            members.entry((entry.second, entry.key())).or_default();
        }
        if members.is_empty() {
            return Ok(entries);
        }
        let mut commands = redis::pipe();
        for (second, text) in members.keys() {
            let key = self.key(&keys::waiting(text));
            commands.cmd("ZRANGEBYSCORE").arg(key).arg(second).arg(second);
        }
        let found: Vec<Vec<String>> = self.link.commands(&commands, "read delayed jobs").await?;
        for (members, mut found) in members.values_mut().zip(found) {
            found.reverse();
            *members = found;
        }
        // Of equal texts in a second the first has the first member.
        let with = |entry: DelayedEntry| match members.get_mut(&(entry.second, entry.key())).and_then(Vec::pop) {
            Some(member) => entry.with(member),
            None => entry,
        };
        Ok(entries.into_iter().map(with).collect())
    }

    fn due_steps(&self, due: &[DueJob]) -> Steps {
        let mut steps = Steps::default();
        for due in due {
            let (source, job, text) = match due {
                DueJob::Delayed(waiting) => (StepSource::Due(waiting), waiting.job().cloned(), waiting.text.as_slice()),
                DueJob::Soon(member, _) => (StepSource::Soon(member), soon(member), member.as_slice()),
            };
            if let Some(job) = job {
                let target = StepTarget::Right(&job.queue, &job.payload.text());
                steps.go(source, target, count::NOTHING, job.payload.id());
            } else {
                let error =
                    ErrorRecord::new("jobs::Corrupt", "this delayed text is not a job with a class and a queue");
                let name = self.scheduler_name();
                let record = FailureRecord::of_unreadable(text, &error, &name, "", self.clock.now());
                let list = self.failed_list(DEFAULT_QUEUE);
                steps.go(source, StepTarget::Failed(&list, &record.text()), count::NOTHING, NO_ID);
            }
        }
        steps
    }

    /// The seconds of members of the schedule. A member that is none is passed over, which is told once without showing it.
    pub(crate) fn seconds(&self, members: &[Vec<u8>]) -> Vec<i64> {
        let seconds: Vec<i64> = members.iter().filter_map(|member| second_of_member(member)).collect();
        if seconds.len() < members.len() && !self.has_told_no_seconds.swap(true, Ordering::Relaxed) {
            let schedule = self.options.keys.delayed_schedule();
            tracing::warn!(schedule, "members of the schedule are not whole seconds, and are passed over: remove them");
        }
        seconds
    }

    /// When the next job is due that this process may move and that is not left out.
    async fn next_due(&self, is_master: bool) -> Result<Option<Timestamp>, Error> {
        let left_out = self.refused.dispatch.left_out(self.clock.now());
        let last = left_out.len();
        let mut commands = redis::pipe();
        commands.cmd("ZRANGE").arg(self.key(keys::SOON)).arg(0).arg(last).arg("WITHSCORES");
        commands.cmd("ZRANGE").arg(self.options.keys.delayed_schedule()).arg(0).arg(last + NO_SECONDS);
        let (soon, members): (Vec<Scored>, Vec<Vec<u8>>) = self.link.commands(&commands, DOING).await?;
        let soon = soon.into_iter().find(|(member, _)| !left_out.contains(&soon_id(member)));
        let mut next: Vec<Timestamp> = soon.map(|(_, score)| of_score(score)).into_iter().collect();
        for second in self.seconds(&members).into_iter().filter(|_| is_master) {
            let mut commands = redis::pipe();
            commands.cmd("LRANGE").arg(self.options.keys.delayed(second)).arg(0).arg(AT_A_TIME + last);
            let texts: Result<(Vec<Vec<u8>>,), Error> = self.link.commands(&commands, DOING).await;
            let texts = match texts {
                // A key of another type is no second.
                Err(error) if !error.is_transient() => continue,
                texts => texts?.0,
            };
            let entries = self.with_members(texts.into_iter().map(|text| (second, text)).collect()).await?;
            let entries = entries.iter().filter(|entry| !left_out.contains(&entry_id(entry)));
            if let Some(due) = entries.map(DelayedEntry::due).min() {
                next.push(due);
                break;
            }
        }
        Ok(next.into_iter().min())
    }

    /// Makes this handle the master of resque-scheduler for a moment, unless there is one.
    pub(crate) async fn become_master(&self) -> Result<(), Error> {
        self.delayed_due(Timestamp::default(), 0).await?;
        Ok(())
    }

    /// Lets a scheduler of Ruby be the master again.
    pub(crate) async fn let_go(&self) -> Result<(), Error> {
        let words = [self.options.keys.master_lock(), self.scheduler_name()];
        let arguments: Vec<Vec<u8>> = words.map(String::into_bytes).into();
        let _released: i64 = self.link.run(&scripts::LET_GO, &arguments, DOING).await?;
        Ok(())
    }
}

/// A member of the jobs that are due soon: a number of fixed length, a colon, and the text of the delayed job.
pub(crate) fn soon(member: &[u8]) -> Option<DelayedJob> {
    DelayedJob::parse(std::str::from_utf8(member).ok()?.get(16..)?).ok()
}

fn soon_id(member: &[u8]) -> JobId {
    soon(member).map_or_else(|| id_of_text(member), |job| job.payload.id())
}

fn entry_id(entry: &DelayedEntry) -> JobId {
    entry.job().map_or_else(|| id_of_text(&entry.text), |job| job.payload.id())
}

#[expect(clippy::cast_possible_truncation, reason = "microseconds that were written as a whole number")]
pub(crate) fn of_score(score: f64) -> Timestamp {
    Timestamp::from_micros(score as i64)
}
