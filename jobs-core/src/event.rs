//! Facts in the past tense. Events are watched; they change nothing.

use std::time::Duration;

use crate::{ErrorRecord, JobId, ProcessId, Timestamp, Unread};

/// The job an event is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRef {
    /// Its identity.
    pub id: JobId,
    /// Its name.
    pub name: String,
    /// Its queue.
    pub queue: String,
    /// Which attempt, from 1; 0 before the first.
    pub attempt: u32,
    /// Its arguments as they may be shown: see [`Settings::shown_arguments`](crate::Settings::shown_arguments).
    pub arguments: String,
}

/// Something that happened. [`name`](Event::name) gives Active Job's name where it has one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A job was stored to run at once.
    Enqueued(JobRef),
    /// A job was stored to run later.
    EnqueuedAt(JobRef, Timestamp),
    /// A callback kept a job from being stored.
    EnqueueHalted(JobRef),
    /// So many jobs were stored in bulk.
    EnqueuedAll(usize),
    /// A perform began.
    PerformStarted(JobRef),
    /// A perform succeeded.
    Performed(JobRef, Duration),
    /// A callback stopped a perform on purpose.
    PerformHalted(JobRef),
    /// A perform failed and will be tried again.
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
    CarriedUnread(JobRef, Unread),
    /// A job has run for longer than it should, and runs on.
    RanSlowly(JobRef, Duration),
    /// A settlement came too late: another process has the job.
    Fenced(JobId),
    /// A stored job has a name that this program does not know. It stays in the store.
    NameUnknown(JobRef),
    /// So many scheduled jobs became ready.
    Dispatched(usize),
    /// A dead process' jobs were taken back.
    Recovered {
        /// Which processes.
        processes: Vec<ProcessId>,
        /// How many jobs are ready again.
        ready: usize,
        /// Which jobs failed as poisonous.
        poisoned: Vec<JobId>,
    },
    /// This process was thought dead; what it held was taken back.
    Revived(ProcessId),
    /// So many finished jobs were forgotten.
    Pruned(u64),
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
            Self::Enqueued(_) | Self::EnqueueHalted(_) => "enqueue",
            Self::EnqueuedAt(..) => "enqueue_at",
            Self::EnqueuedAll(_) => "enqueue_all",
            Self::PerformStarted(_) => "perform_start",
            Self::Performed(..) | Self::PerformHalted(_) => "perform",
            Self::RetryScheduled { .. } => "enqueue_retry",
            Self::RetryStopped(..) => "retry_stopped",
            Self::Discarded(..) => "discard",
            Self::Rescued(..) => "rescue",
            Self::Failed(..) => "fail",
            Self::CallbackFailed(..) => "callback_failed",
            Self::CarriedUnread(..) => "carried_unread",
            Self::RanSlowly(..) => "slow",
            Self::Fenced(_) => "fenced",
            Self::NameUnknown(_) => "name_unknown",
            Self::Dispatched(_) => "dispatch",
            Self::Recovered { .. } => "recover",
            Self::Revived(_) => "revive",
            Self::Pruned(_) => "prune",
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
            | Self::EnqueueHalted(job)
            | Self::PerformStarted(job)
            | Self::Performed(job, _)
            | Self::PerformHalted(job)
            | Self::RetryScheduled { job, .. }
            | Self::RetryStopped(job, _)
            | Self::Discarded(job, _)
            | Self::Rescued(job, _)
            | Self::Failed(job, _)
            | Self::CallbackFailed(job, _)
            | Self::CarriedUnread(job, _)
            | Self::RanSlowly(job, _)
            | Self::NameUnknown(job) => Some(job),
            _ => None,
        }
    }
}
