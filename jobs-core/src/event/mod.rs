//! What happened, in the past tense. Watchers receive events; they change nothing.

mod enqueue;
mod event_type;
mod failure;
mod manual;
mod perform;
mod process;
mod recurring;
pub mod repeats;
mod subject;

use events::EventType;
pub use subject::{Bulk, JobRef};

/// Each event as a type of its own.
pub mod events {
    pub use super::enqueue::*;
    pub use super::event_type::{ALL, EventType};
    pub use super::failure::*;
    pub use super::manual::*;
    pub use super::perform::*;
    pub use super::process::*;
    pub use super::recurring::*;
}

/// Something that happened. Each variant holds the type of its name from [`events`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A job was stored to run at once.
    Enqueued(events::Enqueued),
    /// A job was stored to run later.
    EnqueuedAt(events::EnqueuedAt),
    /// A job was stored in the caller's transaction and exists if that commits.
    EnqueuedWithin(events::EnqueuedWithin),
    /// A callback stopped an enqueue on purpose: no job was stored.
    EnqueueHalted(events::EnqueueHalted),
    /// A job was not stored: it is invalid, a callback failed, or the store failed.
    EnqueueFailed(events::EnqueueFailed),
    /// A job was not stored: a job of the same unique key is there already.
    EnqueueDeduplicated(events::EnqueueDeduplicated),
    /// Jobs were stored in bulk, or some of them.
    EnqueuedAll(events::EnqueuedAll),
    /// Jobs were stored in bulk in the caller's transaction and exist if that commits.
    EnqueuedAllWithin(events::EnqueuedAllWithin),
    /// A perform began.
    PerformStarted(events::PerformStarted),
    /// A perform succeeded.
    Performed(events::Performed),
    /// An attempt ended, in any way.
    AttemptEnded(events::AttemptEnded),
    /// A callback stopped a perform on purpose.
    PerformHalted(events::PerformHalted),
    /// A job runs for longer than expected and still runs.
    RanSlowly(events::RanSlowly),
    /// A job put itself off: it runs again later.
    Snoozed(events::Snoozed),
    /// A value that was propagated with a job could not be read; the job runs without it.
    PropagationFailed(events::PropagationFailed),
    /// A stored job has a name that this program does not know.
    NameUnknown(events::NameUnknown),
    /// The arguments of a stored job are of a newer version than this program knows.
    VersionUnknown(events::VersionUnknown),
    /// The result of a perform came too late: another process has the job.
    Fenced(events::Fenced),
    /// A job was completed in a transaction that was not committed, and returned no error: it is retried.
    NotCommitted(events::NotCommitted),
    /// The store refused for good to write how a job ended.
    SettlementRefused(events::SettlementRefused),
    /// A perform failed and will be tried again.
    RetryScheduled(events::RetryScheduled),
    /// The last attempt that a `retry_on` allows failed.
    RetryStopped(events::RetryStopped),
    /// A rule discarded the job.
    Discarded(events::Discarded),
    /// A `rescue_from` handled the error.
    Rescued(events::Rescued),
    /// The job failed for good and is kept until a person acts.
    Failed(events::Failed),
    /// A failure callback failed itself, or a callback failed after its job was stored.
    CallbackFailed(events::CallbackFailed),
    /// This process took the tick of a recurring task, and its job is stored.
    RecurringEnqueued(events::RecurringEnqueued),
    /// Ticks of a recurring task were left out: no process took them in time, or their job could not be enqueued.
    RecurringSkipped(events::RecurringSkipped),
    /// The runtime began to claim jobs.
    RuntimeStarted(events::RuntimeStarted),
    /// The runtime stopped claiming jobs.
    RuntimeQuieted(events::RuntimeQuieted),
    /// The runtime ended.
    RuntimeStopped(events::RuntimeStopped),
    /// Scheduled jobs became ready.
    Dispatched(events::Dispatched),
    /// Finished jobs were deleted, since their retention is over.
    Pruned(events::Pruned),
    /// The jobs of dead processes were taken back.
    Recovered(events::Recovered),
    /// This process was thought to be dead: other processes took back the jobs that it held.
    Revived(events::Revived),
    /// Stored jobs, a queue or a recurring task were changed manually.
    ManuallyChanged(events::ManuallyChanged),
    /// The store returned an error; the runtime goes on.
    StoreFailed(events::StoreFailed),
    /// A loop of the process panicked or ended by mistake, and is restarted.
    LoopRestarted(events::LoopRestarted),
    /// A loop of the process has not turned for too long.
    LoopStalled(events::LoopStalled),
    /// The program's tokio runtime stands still: code that blocks holds all its threads.
    RuntimeStalled(events::RuntimeStalled),
}

impl Event {
    /// The name on the wire: Active Job's where it has one.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::EnqueueHalted(events::EnqueueHalted { job })
            | Self::EnqueueFailed(events::EnqueueFailed { job, .. })
                if job.at.is_some() =>
            {
                events::EnqueuedAt::NAME
            }
            _ => event_type::type_name(self),
        }
    }

    /// The job it is about, if it is about one.
    pub const fn job(&self) -> Option<&JobRef> {
        match self {
            Self::Enqueued(events::Enqueued { job })
            | Self::EnqueuedAt(events::EnqueuedAt { job, .. })
            | Self::EnqueuedWithin(events::EnqueuedWithin { job })
            | Self::EnqueueHalted(events::EnqueueHalted { job })
            | Self::EnqueueFailed(events::EnqueueFailed { job, .. })
            | Self::EnqueueDeduplicated(events::EnqueueDeduplicated { job, .. })
            | Self::PerformStarted(events::PerformStarted { job })
            | Self::Performed(events::Performed { job, .. })
            | Self::AttemptEnded(events::AttemptEnded { job, .. })
            | Self::PerformHalted(events::PerformHalted { job })
            | Self::RanSlowly(events::RanSlowly { job, .. })
            | Self::Snoozed(events::Snoozed { job, .. })
            | Self::PropagationFailed(events::PropagationFailed { job, .. })
            | Self::NameUnknown(events::NameUnknown { job })
            | Self::VersionUnknown(events::VersionUnknown { job, .. })
            | Self::RetryScheduled(events::RetryScheduled { job, .. })
            | Self::RetryStopped(events::RetryStopped { job, .. })
            | Self::Discarded(events::Discarded { job, .. })
            | Self::Rescued(events::Rescued { job, .. })
            | Self::Failed(events::Failed { job, .. })
            | Self::CallbackFailed(events::CallbackFailed { job, .. }) => Some(job),
            _ => None,
        }
    }
}
