//! Recurring tasks as a store keeps them, and which of their ticks may be taken.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{RecurringTask, TickOutcome, missed};
use crate::{Enqueued, Error, JobId, JobRecord, NewJob, Timestamp};

/// A task as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecurringRecord {
    /// As it was declared last.
    pub task: RecurringTask,
    /// When a program declared it last.
    pub declared_at: Timestamp,
    /// Ticks up to here are over: taken, left out, or earlier than the declaration or the end of a pause.
    pub after: Timestamp,
    /// The last tick that was taken.
    pub last_tick: Option<Timestamp>,
    /// The job of that tick, if one was stored or existed already.
    pub last_job: Option<JobId>,
    /// Whether it is paused.
    pub paused: bool,
    /// The other software that keeps it and takes its ticks, as `sidekiq-cron`; `None` for a task that programs declare here.
    /// Such a task is shown, and is changed only there.
    #[serde(skip)]
    pub source: Option<String>,
}

/// If a store's clock is set back by less than this, the ticks that it had taken before stay taken.
const CLOCK_SET_BACK_MAX: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a store keeps a task that no program declares any more, unless the task is paused.
pub const UNDECLARED_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl RecurringRecord {
    /// The job of this task for a program that does not know the job type: it goes to the queue of the `last` job.
    ///
    /// Such a program knows neither the prefix of the queue nor what the job is unique by.
    ///
    /// # Errors
    /// There is no last job, it has another name, or it was unique; the error [is invalid](Error::is_invalid).
    pub fn job_as_before(&self, id: JobId, last: Option<JobRecord>) -> Result<NewJob, Error> {
        let RecurringTask { key, job: name, arguments, version, .. } = &self.task;
        let last = last.filter(|last| last.name == *name && last.unique_key.is_none()).ok_or_else(|| {
            Error::invalid(format!(
                "nothing was enqueued: this program does not know the job `{name}`, and no earlier job of the task `{key}` \
                 tells where it goes, or it is unique; run it by the program that has it"
            ))
        })?;
        let mut job = NewJob::new(id, name.as_str(), arguments.as_str());
        (job.queue, job.priority, job.version) = (last.queue, last.priority, *version);
        Ok(job)
    }

    /// A task that is declared for the first time.
    pub fn new(task: RecurringTask, now: Timestamp) -> Self {
        Self { task, declared_at: now, after: now, last_tick: None, last_job: None, paused: false, source: None }
    }

    /// Refuses to change a task of other software.
    ///
    /// # Errors
    /// It has a [source](Self::source); the error [is invalid](Error::is_invalid) and names it.
    pub fn check_declared(&self) -> Result<(), Error> {
        match &self.source {
            None => Ok(()),
            Some(source) => Err(Error::invalid(format!(
                "the task `{}` is kept by {source} and is only shown here; change it there",
                self.task.key
            ))),
        }
    }

    /// Declares it again. A task with a new schedule starts now: earlier ticks of that schedule are not missed ticks.
    pub fn declare(&mut self, task: &RecurringTask, now: Timestamp) {
        if (&self.task.schedule, &self.task.zone) != (&task.schedule, &task.zone) {
            self.after = self.after.max(now);
        }
        self.task.clone_from(task);
        self.declared_at = now;
    }

    /// Begins a pause. Returns whether it was not paused before.
    pub fn pause(&mut self) -> bool {
        !std::mem::replace(&mut self.paused, true)
    }

    /// Ends a pause. Ticks during the pause do not count as missed. Returns whether there was one.
    pub fn resume(&mut self, now: Timestamp) -> bool {
        let was_paused = std::mem::take(&mut self.paused);
        if was_paused {
            self.after = self.after.max(now);
        }
        was_paused
    }

    /// Whether no program has declared it for so long that the store forgets it.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        !self.paused && now.duration_since(self.declared_at) > UNDECLARED_KEPT
    }

    /// The time after which ticks are still open. If the store's clock was set back by more than a day, the ticks that
    /// were taken before are ignored; otherwise none would be taken until that day.
    pub fn looks_after(&self, now: Timestamp) -> Timestamp {
        if self.after <= now + CLOCK_SET_BACK_MAX { self.after } else { now - missed::GRACE }
    }

    /// `None` if the tick may be taken at `now`, otherwise the reason why it is refused.
    pub fn refuses(&self, at: Timestamp, now: Timestamp) -> Option<TickOutcome> {
        if self.paused {
            return Some(TickOutcome::Paused);
        }
        if at > now {
            return Some(TickOutcome::Early);
        }
        (self.after <= now + CLOCK_SET_BACK_MAX && at <= self.after).then_some(TickOutcome::Taken)
    }

    /// Records a tick that was not refused. `enqueued` is the store's answer for its job, if it has one.
    pub fn note(&mut self, at: Timestamp, enqueued: Option<&Enqueued>) {
        self.after = at;
        if let Some(enqueued) = enqueued {
            self.note_job(at, enqueued);
        }
    }

    /// Records the store's answer for the job of a tick.
    pub(super) fn note_job(&mut self, at: Timestamp, enqueued: &Enqueued) {
        self.last_tick = Some(at);
        self.last_job = enqueued.id();
    }

    /// The first tick after `now`; `None` if it is paused, or if this version cannot read its schedule.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if self.paused { None } else { self.task.when().ok()?.next_after(now) }
    }
}

/// A tick that is due and that no process has taken so far.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LateTick {
    /// The key of its task.
    pub key: String,
    /// For how long it has been due.
    pub late: Duration,
}

/// A task that was declared this much earlier than another one counts as removed from the programs: a program that runs
/// declares all its tasks again every ten minutes, and an older version of it every half hour.
const DECLARED_TOGETHER: Duration = Duration::from_secs(60 * 60);

/// The tasks of a store at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecurringTasks {
    /// The current time by the store's clock.
    pub now: Timestamp,
    /// All tasks, sorted by key.
    pub tasks: Vec<RecurringRecord>,
}

impl RecurringTasks {
    /// These tasks at this time.
    pub fn new(now: Timestamp, tasks: Vec<RecurringRecord>) -> Self {
        Self { now, tasks }
    }

    /// The tick that has been due longest and is not taken, of the tasks that programs still declare and that are not
    /// paused; `None` if no tick is due. Tasks of other software are left out.
    pub fn late_tick(&self) -> Option<LateTick> {
        let ours = || self.tasks.iter().filter(|record| record.source.is_none());
        let newest = ours().map(|record| record.declared_at).max()?;
        let declared = |record: &&RecurringRecord| newest.duration_since(record.declared_at) < DECLARED_TOGETHER;
        let late = |record: &RecurringRecord| {
            let tick = record.next(record.looks_after(self.now)).filter(|tick| *tick <= self.now)?;
            Some(LateTick { key: record.task.key.clone(), late: self.now.duration_since(tick) })
        };
        ours().filter(declared).filter_map(late).max_by_key(|tick| tick.late)
    }

    /// The task of this key.
    pub fn find(&self, key: &str) -> Option<&RecurringRecord> {
        self.tasks.iter().find(|record| record.task.key == key)
    }
}
