//! Jobs that recur: what a program declares, what a store keeps of it, and who may have a tick.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::store::StoreFuture;
use crate::{
    Enqueued, Error, Job, JobId, JobRecord, Missed, NewJob, Schedule, Timestamp, arguments_of, check_queue_name,
};

/// A job that recurs, as a program declares it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecurringTask {
    /// Its name among the tasks of a store.
    pub key: String,
    /// The name of the job.
    pub job: String,
    /// The arguments of each job as JSON text.
    pub arguments: String,
    /// The version of the arguments' form.
    pub version: u32,
    /// The queue, without prefix, in place of the job's own.
    pub queue: Option<String>,
    /// The priority in place of the job's own.
    pub priority: Option<i32>,
    /// When: the words that [`Schedule::parse`] reads.
    pub schedule: String,
    /// The zone, if it does not stand behind the words.
    pub zone: Option<String>,
    /// What becomes of ticks that nobody took in time.
    pub missed: Missed,
    /// What it is for, in the words of whoever declared it.
    pub description: Option<String>,
}

/// The longest key in bytes.
const KEY_MAX: usize = 255;

impl RecurringTask {
    /// A task that enqueues the job of this name at these times, without arguments.
    pub fn new(key: impl Into<String>, job: impl Into<String>, schedule: impl Into<String>) -> Self {
        Self {
            key: key.into(),
            job: job.into(),
            arguments: "{}".to_owned(),
            version: 1,
            queue: None,
            priority: None,
            schedule: schedule.into(),
            zone: None,
            missed: Missed::Skip,
            description: None,
        }
    }

    /// A task that enqueues this very job.
    ///
    /// # Errors
    /// Its arguments cannot be written as JSON.
    pub fn of<J: Job>(key: impl Into<String>, job: &J, schedule: impl Into<String>) -> Result<Self, Error> {
        let arguments = arguments_of(job)?;
        Ok(Self { arguments, version: J::SETTINGS.version, ..Self::new(key, J::SETTINGS.name, schedule) })
    }

    /// With these arguments: JSON text in the present form of the job's.
    pub fn arguments(mut self, json: impl Into<String>) -> Self {
        self.arguments = json.into();
        self
    }

    /// The version of the arguments' form.
    pub fn version(mut self, version: u32) -> Self {
        self.version = version;
        self
    }

    /// Into this queue, without prefix, instead of the job's own.
    pub fn queue(mut self, queue: impl Into<String>) -> Self {
        self.queue = Some(queue.into());
        self
    }

    /// With this priority instead of the job's own.
    pub fn priority(mut self, priority: i32) -> Self {
        self.priority = Some(priority);
        self
    }

    /// In this zone instead of UTC.
    pub fn zone(mut self, name: impl Into<String>) -> Self {
        self.zone = Some(name.into());
        self
    }

    /// What becomes of ticks that nobody took in time, instead of being left out.
    pub fn missed(mut self, missed: Missed) -> Self {
        self.missed = missed;
        self
    }

    /// What it is for.
    pub fn description(mut self, words: impl Into<String>) -> Self {
        self.description = Some(words.into());
        self
    }

    /// The id of the job of one of its ticks: whoever asks for the tick makes the same.
    pub fn job_id(&self, at: Timestamp) -> JobId {
        JobId::of_tick(&self.key, at)
    }

    /// When it recurs.
    ///
    /// # Errors
    /// The schedule or the zone cannot be read; the error [is invalid](Error::is_invalid) and names the task.
    pub fn when(&self) -> Result<Schedule, Error> {
        Schedule::parse(&self.schedule, self.zone.as_deref()).map_err(|error| {
            let message = format!("the recurring task `{}`: {error}", self.key);
            Error::invalid(message).with_source(error)
        })
    }

    /// Whether it can be one: its key, its schedule and its queue.
    ///
    /// # Errors
    /// Says what cannot be; the error [is invalid](Error::is_invalid).
    pub fn check(&self) -> Result<(), Error> {
        let key = self.key.escape_debug();
        if self.key.is_empty() || self.key.len() > KEY_MAX || self.key.contains(char::is_control) {
            let message =
                format!("`{key}` cannot be the key of a recurring task: 1 to {KEY_MAX} bytes without control");
            return Err(Error::invalid(format!("{message} characters")));
        }
        if let Some(queue) = &self.queue {
            check_queue_name(queue).map_err(|error| Error::invalid(format!("the recurring task `{key}`: {error}")))?;
        }
        self.when().map(drop)
    }
}

/// A task as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RecurringRecord {
    /// As it was declared last.
    pub task: RecurringTask,
    /// When a program declared it last.
    pub declared_at: Timestamp,
    /// Ticks up to here are done with: taken, left out, or before it was declared or resumed.
    pub after: Timestamp,
    /// The last tick that was taken.
    pub last_tick: Option<Timestamp>,
    /// The job of that tick, if one was stored or is there already.
    pub last_job: Option<JobId>,
    /// Whether it is paused.
    pub paused: bool,
}

/// A clock that was ahead for less than this and was set back has its ticks behind it.
const FORGIVEN: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a store keeps a task that no program declares any more, unless it is paused.
pub const UNDECLARED_KEPT: Duration = Duration::from_secs(30 * 24 * 60 * 60);

impl RecurringRecord {
    /// The job of this task where its program is not there to make it: it goes where the `last` one went.
    ///
    /// Without the program neither the prefix of its queue nor what it is unique by is known.
    ///
    /// # Errors
    /// There is no last job, it is another one's, or it was unique; the error [is invalid](Error::is_invalid).
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
        Self { task, declared_at: now, after: now, last_tick: None, last_job: None, paused: false }
    }

    /// Declares it once more. A task at other times begins anew: ticks that it would have had are none that were missed.
    pub fn declare(&mut self, task: &RecurringTask, now: Timestamp) {
        if (&self.task.schedule, &self.task.zone) != (&task.schedule, &task.zone) {
            self.after = self.after.max(now);
        }
        self.task.clone_from(task);
        self.declared_at = now;
    }

    /// Ends a pause. What came during it was not missed.
    pub fn resume(&mut self, now: Timestamp) {
        self.paused = false;
        self.after = self.after.max(now);
    }

    /// Whether no program has declared it for so long that it is forgotten.
    pub fn is_forgotten(&self, now: Timestamp) -> bool {
        !self.paused && now.since(self.declared_at) > UNDECLARED_KEPT
    }

    /// Where to look for ticks from. If the store's clock was set back by more than a day, what was done by then says
    /// nothing, or nothing would be done until that day.
    pub fn looks_after(&self, now: Timestamp) -> Timestamp {
        if self.after <= now.after(FORGIVEN) { self.after } else { now.before(crate::missed::GRACE) }
    }

    /// Who asks for a tick at `now`: `None` if he may have it, else what he is told.
    pub fn refuses(&self, at: Timestamp, now: Timestamp) -> Option<Ticked> {
        if self.paused {
            return Some(Ticked::Paused);
        }
        if at > now {
            return Some(Ticked::Early);
        }
        (self.after <= now.after(FORGIVEN) && at <= self.after).then_some(Ticked::Taken)
    }

    /// Notes a tick that was not refused. `enqueued` is what became of its job, if it has one.
    pub fn note(&mut self, at: Timestamp, enqueued: Option<&Enqueued>) {
        self.after = at;
        if let Some(enqueued) = enqueued {
            self.last_tick = Some(at);
            self.last_job = enqueued.id();
        }
    }

    /// The first tick after `now`; `None` if it is paused, or if its words are none that this version reads.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        if self.paused { None } else { self.task.when().ok()?.next_after(now) }
    }
}

/// The tasks of a store at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Agenda {
    /// The present time by the store's clock.
    pub now: Timestamp,
    /// All tasks, sorted by key.
    pub tasks: Vec<RecurringRecord>,
}

impl Agenda {
    /// These tasks at this time.
    pub fn new(now: Timestamp, tasks: Vec<RecurringRecord>) -> Self {
        Self { now, tasks }
    }

    /// The task of this key.
    pub fn find(&self, key: &str) -> Option<&RecurringRecord> {
        self.tasks.iter().find(|record| record.task.key == key)
    }
}

/// One tick of a task, as a scheduler asks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// The task.
    pub key: String,
    /// The tick, in whole seconds; of ticks that are left out the last.
    pub at: Timestamp,
    /// The job to store; `None` to leave out all ticks up to this one.
    pub job: Option<NewJob>,
}

/// What became of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ticked {
    /// It was still to be had, and this became of its job.
    Enqueued(Enqueued),
    /// The ticks up to this one were still to be had and are left out.
    Skipped,
    /// It was taken or left out before, by whomever.
    Taken,
    /// The task is paused.
    Paused,
    /// It is still to come by the store's clock.
    Early,
    /// There is no such task; it has to be declared first.
    Unknown,
}

/// The power of a store to keep recurring tasks, and to give each tick away once.
///
/// **Exactly once.** Schedulers in any number ask for the same ticks. A tick is taken, and its job stored, in one piece:
/// both or neither. Asking again is harmless; the answer then is [`Ticked::Taken`].
///
/// **Time.** The store's own clock decides what has come.
pub trait Recurring: Send + Sync {
    /// Makes tasks known, or known anew: [`RecurringRecord::declare`]. Forgets those that
    /// [nobody declares any more](RecurringRecord::is_forgotten).
    ///
    /// A task that is not among them stays: other programs may have it. It is they who enqueue its jobs, so a task that
    /// no running program declares enqueues nothing.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()>;

    /// The tasks that are known, with the store's time.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn tasks(&self) -> StoreFuture<'_, Agenda>;

    /// Takes a tick, if [nothing speaks against it](RecurringRecord::refuses), and stores its job as
    /// [`Store::enqueue`](crate::Store::enqueue) would. A tick whose job is a duplicate is taken all the same.
    ///
    /// # Errors
    /// As [`Store`](crate::Store); nothing is taken or stored then.
    fn tick<'a>(&'a self, tick: &'a Tick) -> StoreFuture<'a, Ticked>;

    /// No tick of the task is given away until it is resumed. Whether it was there and not paused before.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool>;

    /// Ends a pause: [`RecurringRecord::resume`]. Whether there was one.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool>;

    /// Forgets a task and what was taken. Whether it was there. A program that declares it makes it known anew.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool>;
}
