//! Facts in the past tense. Events are watched; they change nothing.

pub mod events;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::{ErrorRecord, JobId, ProcessId, PropagationError, Timestamp};

/// The job an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobRef {
    /// Its identity.
    pub id: JobId,
    /// Its name.
    pub name: String,
    /// Its queue.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// Which attempt, from 1; 0 before the first.
    pub attempt: u32,
    /// Its arguments as they may be shown: see [`Settings::shown_arguments`](crate::Settings::shown_arguments).
    pub arguments: String,
    /// When it may run, if not at once: of a job on its way into the store.
    pub at: Option<Timestamp>,
    /// When the store took it: of a job that came from one.
    pub enqueued_at: Option<Timestamp>,
    /// When it was due, for a retry that of this attempt: of a job that came from a store.
    pub due_at: Option<Timestamp>,
}

impl JobRef {
    /// A job of this name on its way to this queue, at once, with priority 0 and without arguments.
    pub fn new(id: JobId, name: impl Into<String>, queue: impl Into<String>) -> Self {
        let (name, queue, arguments) = (name.into(), queue.into(), "{}".to_owned());
        Self { id, name, queue, priority: 0, attempt: 0, arguments, at: None, enqueued_at: None, due_at: None }
    }
}

/// Jobs that were handed to the store together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Bulk {
    /// How many are stored.
    pub stored: usize,
    /// How many the store did not take, at the end of the bulk.
    pub failed: usize,
    /// How many are stored of each name.
    pub names: BTreeMap<String, usize>,
}

impl Bulk {
    /// Counts jobs that were stored.
    pub fn add<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) {
        for name in names {
            self.stored += 1;
            match self.names.get_mut(name) {
                Some(count) => *count += 1,
                None => drop(self.names.insert(name.to_owned(), 1)),
            }
        }
    }
}

/// Something that happened. [`name`](Event::name) gives Active Job's name where it has one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A job was stored to run at once.
    Enqueued(JobRef),
    /// A job was stored to run later.
    EnqueuedAt(JobRef, Timestamp),
    /// A job was stored in a transaction of the caller's, and is there if that commits. Whether it does is not known here.
    EnqueuedWithin(JobRef),
    /// A callback kept a job from being stored.
    EnqueueHalted(JobRef),
    /// A job was not stored: it could not be, a callback failed, or the store said no. The caller has the error.
    EnqueueFailed(JobRef, ErrorRecord),
    /// A job was not stored: this one of the same unique key is there already.
    EnqueueDeduplicated(JobRef, JobId),
    /// Jobs were stored in bulk, or some of them.
    EnqueuedAll(Bulk),
    /// Jobs were stored in bulk in a transaction of the caller's, and are there if that commits.
    EnqueuedAllWithin(Bulk),
    /// A perform began.
    PerformStarted(JobRef),
    /// A perform succeeded.
    Performed(JobRef, Duration),
    /// A callback stopped a perform on purpose.
    PerformHalted(JobRef),
    /// A perform failed and will be tried again. A worker tells it when its rules have decided, and writes it again and
    /// again until the store has it; only a process that dies meanwhile leaves the job to be recovered instead.
    RetryScheduled {
        /// The job.
        job: JobRef,
        /// How long from now.
        wait: Duration,
        /// Why.
        error: ErrorRecord,
    },
    /// The last attempt failed.
    RetryStopped(JobRef, ErrorRecord),
    /// A rule dropped the job.
    Discarded(JobRef, ErrorRecord),
    /// A `rescue_from` took care of the error.
    Rescued(JobRef, ErrorRecord),
    /// The job failed for good and is kept until someone acts.
    Failed(JobRef, ErrorRecord),
    /// A function that was told of a failure failed itself.
    CallbackFailed(JobRef, ErrorRecord),
    /// Something that travels with a job could not be read back; the job runs without it.
    PropagationFailed(JobRef, PropagationError),
    /// A job has run for longer than it should, and runs on.
    RanSlowly(JobRef, Duration),
    /// A settlement came too late: another process has the job.
    Fenced(JobId),
    /// A job was completed in a transaction that was not committed, and returned no error: it is tried again.
    NotCommitted(JobId),
    /// A stored job has a name that this program does not know. It stays in the store.
    NameUnknown(JobRef),
    /// The arguments of a stored job are of this version, which is newer than the one that this program knows. The job
    /// stays in the store.
    VersionUnknown(JobRef, u32),
    /// So many scheduled jobs became ready.
    Dispatched(usize),
    /// A dead process' jobs were taken back.
    Recovered {
        /// Which processes.
        processes: Vec<ProcessId>,
        /// How many jobs are ready again.
        ready: usize,
        /// Which jobs failed as poisonous. Each is told as [`Failed`](Self::Failed) too.
        poisoned: Vec<JobId>,
    },
    /// This process was thought dead; what it held was taken back.
    Revived(ProcessId),
    /// So many finished jobs were forgotten.
    Pruned(u64),
    /// The tick of a recurring task was taken here, and its job is stored.
    RecurringEnqueued {
        /// The task.
        key: String,
        /// The tick.
        at: Timestamp,
        /// The job.
        job: JobId,
    },
    /// Ticks of a recurring task were left out: nobody took them in time, or their job could not be enqueued.
    RecurringSkipped {
        /// The task.
        key: String,
        /// How many; 1000 stands for as many or more.
        ticks: u32,
        /// Up to when.
        until: Timestamp,
    },
    /// The store answered with an error; the runtime goes on.
    StoreFailed {
        /// What it was asked.
        operation: &'static str,
        /// What it said.
        message: String,
    },
    /// The runtime began to claim.
    RuntimeStarted(ProcessId),
    /// The runtime stopped claiming.
    RuntimeQuieted(ProcessId),
    /// The runtime ended; so many jobs were given back.
    RuntimeStopped(ProcessId, usize),
}

impl Event {
    /// The name on the wire: Active Job's where it has one.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EnqueueHalted(job) | Self::EnqueueFailed(job, _) if job.at.is_some() => "enqueue_at",
            Self::Enqueued(_) | Self::EnqueueHalted(_) | Self::EnqueueFailed(..) => "enqueue",
            Self::EnqueuedAt(..) => "enqueue_at",
            Self::EnqueueDeduplicated(..) => "enqueue_duplicate",
            Self::EnqueuedAll(_) => "enqueue_all",
            Self::EnqueuedWithin(_) => "enqueue_within",
            Self::EnqueuedAllWithin(_) => "enqueue_all_within",
            Self::PerformStarted(_) => "perform_start",
            Self::Performed(..) | Self::PerformHalted(_) => "perform",
            Self::RetryScheduled { .. } => "enqueue_retry",
            Self::RetryStopped(..) => "retry_stopped",
            Self::Discarded(..) => "discard",
            Self::Rescued(..) => "rescue",
            Self::Failed(..) => "fail",
            Self::CallbackFailed(..) => "callback_failed",
            Self::PropagationFailed(..) => "carried_unread",
            Self::RanSlowly(..) => "slow",
            Self::Fenced(_) => "fenced",
            Self::NotCommitted(_) => "not_committed",
            Self::NameUnknown(_) => "name_unknown",
            Self::VersionUnknown(..) => "version_unknown",
            Self::Dispatched(_) => "dispatch",
            Self::Recovered { .. } => "recover",
            Self::Revived(_) => "revive",
            Self::Pruned(_) => "prune",
            Self::RecurringEnqueued { .. } => "recurring",
            Self::RecurringSkipped { .. } => "recurring_skipped",
            Self::StoreFailed { .. } => "store_failed",
            Self::RuntimeStarted(_) => "start",
            Self::RuntimeQuieted(_) => "quiet",
            Self::RuntimeStopped(..) => "stop",
        }
    }

    /// The job it is about, if it is about one.
    pub const fn job(&self) -> Option<&JobRef> {
        match self {
            Self::Enqueued(job)
            | Self::EnqueuedAt(job, _)
            | Self::EnqueuedWithin(job)
            | Self::EnqueueHalted(job)
            | Self::EnqueueFailed(job, _)
            | Self::EnqueueDeduplicated(job, _)
            | Self::PerformStarted(job)
            | Self::Performed(job, _)
            | Self::PerformHalted(job)
            | Self::RetryScheduled { job, .. }
            | Self::RetryStopped(job, _)
            | Self::Discarded(job, _)
            | Self::Rescued(job, _)
            | Self::Failed(job, _)
            | Self::CallbackFailed(job, _)
            | Self::PropagationFailed(job, _)
            | Self::RanSlowly(job, _)
            | Self::VersionUnknown(job, _)
            | Self::NameUnknown(job) => Some(job),
            _ => None,
        }
    }
}
