//! The events about jobs, each as a type of its own, for those who want to hear of one.

use std::time::Duration;

use crate::{Bulk, ErrorRecord, Event, JobId, JobRef, PropagationError, Timestamp};

/// An event that is a type of its own.
pub trait Fact: Sized + 'static {
    /// The name on the wire, as [`Event::name`] gives it.
    const NAME: &'static str;

    /// The fact, if the event is one of its kind.
    fn of(event: &Event) -> Option<Self>;
}

/// One row an event: its docs, its wire name, its fields, and the variant that it is.
macro_rules! facts {
    ($($(#[$doc:meta])+ $name:ident $wire:literal { $($(#[$of:meta])+ $field:ident: $ty:ty),+ } = $event:pat,)+) => {
        $(
            $(#[$doc])+
            #[derive(Clone, Debug, PartialEq)]
            #[non_exhaustive]
            pub struct $name {
                $($(#[$of])+ pub $field: $ty,)+
            }

            impl Fact for $name {
                const NAME: &'static str = $wire;

                fn of(event: &Event) -> Option<Self> {
                    match event {
                        $event => Some(Self { $($field: $field.clone()),+ }),
                        _ => None,
                    }
                }
            }
        )+
    };
}

facts! {
    /// A job was stored to run at once.
    Enqueued "enqueue" {
        /// The job.
        job: JobRef
    } = Event::Enqueued(job),

    /// A job was stored to run later.
    EnqueuedAt "enqueue_at" {
        /// The job.
        job: JobRef,
        /// When it is due.
        at: Timestamp
    } = Event::EnqueuedAt(job, at),

    /// A job was stored in a transaction of the caller's, and is there if that commits.
    EnqueuedWithin "enqueue_within" {
        /// The job.
        job: JobRef
    } = Event::EnqueuedWithin(job),

    /// A callback kept a job from being stored.
    EnqueueHalted "enqueue" {
        /// The job.
        job: JobRef
    } = Event::EnqueueHalted(job),

    /// A job was not stored; the caller has the error.
    EnqueueFailed "enqueue" {
        /// The job.
        job: JobRef,
        /// Why.
        error: ErrorRecord
    } = Event::EnqueueFailed(job, error),

    /// A job was not stored: one of the same unique key is there already.
    EnqueueDeduplicated "enqueue_duplicate" {
        /// The job that was not stored.
        job: JobRef,
        /// The one that is there.
        of: JobId
    } = Event::EnqueueDeduplicated(job, of),

    /// Jobs were stored in bulk, or some of them.
    EnqueuedAll "enqueue_all" {
        /// How many, and of which names.
        bulk: Bulk
    } = Event::EnqueuedAll(bulk),

    /// Jobs were stored in bulk in a transaction of the caller's, and are there if that commits.
    EnqueuedAllWithin "enqueue_all_within" {
        /// How many, and which.
        bulk: Bulk
    } = Event::EnqueuedAllWithin(bulk),

    /// A perform began.
    PerformStarted "perform_start" {
        /// The job, with its attempt.
        job: JobRef
    } = Event::PerformStarted(job),

    /// A perform succeeded.
    Performed "perform" {
        /// The job, with its attempt.
        job: JobRef,
        /// How long it took.
        duration: Duration
    } = Event::Performed(job, duration),

    /// A callback stopped a perform on purpose.
    PerformHalted "perform" {
        /// The job, with its attempt.
        job: JobRef
    } = Event::PerformHalted(job),

    /// A perform failed and will be tried again.
    RetryScheduled "enqueue_retry" {
        /// The job, with its attempt.
        job: JobRef,
        /// How long from now.
        wait: Duration,
        /// Why.
        error: ErrorRecord
    } = Event::RetryScheduled { job, wait, error },

    /// The last attempt failed.
    RetryStopped "retry_stopped" {
        /// The job, with its attempt.
        job: JobRef,
        /// Why.
        error: ErrorRecord
    } = Event::RetryStopped(job, error),

    /// A rule dropped the job.
    Discarded "discard" {
        /// The job, with its attempt.
        job: JobRef,
        /// Why.
        error: ErrorRecord
    } = Event::Discarded(job, error),

    /// A `rescue_from` took care of the error.
    Rescued "rescue" {
        /// The job, with its attempt.
        job: JobRef,
        /// The error.
        error: ErrorRecord
    } = Event::Rescued(job, error),

    /// The job failed for good and is kept until someone acts.
    Failed "fail" {
        /// The job, with its attempt.
        job: JobRef,
        /// Why.
        error: ErrorRecord
    } = Event::Failed(job, error),

    /// A function that was told of a failure, or one that ran after a job was stored, failed itself.
    CallbackFailed "callback_failed" {
        /// The job, with its attempt.
        job: JobRef,
        /// Why.
        error: ErrorRecord
    } = Event::CallbackFailed(job, error),

    /// Something that travels with a job could not be read back.
    PropagationFailed "carried_unread" {
        /// The job, with its attempt.
        job: JobRef,
        /// What, and why.
        unread: PropagationError
    } = Event::PropagationFailed(job, unread),

    /// A job has run for longer than it should, and runs on.
    RanSlowly "slow" {
        /// The job, with its attempt.
        job: JobRef,
        /// For how long.
        duration: Duration
    } = Event::RanSlowly(job, duration),

    /// A stored job has a name that this program does not know.
    NameUnknown "name_unknown" {
        /// The job, with its attempt.
        job: JobRef
    } = Event::NameUnknown(job),

    /// The arguments of a stored job are of a newer version than this program knows.
    VersionUnknown "version_unknown" {
        /// The job, with its attempt.
        job: JobRef,
        /// The version of its arguments.
        version: u32
    } = Event::VersionUnknown(job, version),
}
