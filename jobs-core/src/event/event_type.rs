//! What the event types have in common: how they are found in an [`Event`], and their names on the wire.

use super::Event;
use super::enqueue::{
    EnqueueDeduplicated, EnqueueFailed, EnqueueHalted, Enqueued, EnqueuedAll, EnqueuedAllWithin, EnqueuedAt,
    EnqueuedWithin,
};
use super::failure::{CallbackFailed, Discarded, Failed, Rescued, RetryScheduled, RetryStopped};
use super::manual::ManuallyChanged;
use super::perform::{
    AttemptEnded, Fenced, NameUnknown, NotCommitted, PerformHalted, PerformStarted, Performed, PropagationFailed,
    RanSlowly, SettlementRefused, Snoozed, VersionUnknown,
};
use super::process::{
    Dispatched, LoopRestarted, LoopStalled, Pruned, Recovered, Revived, RuntimeQuieted, RuntimeStalled, RuntimeStarted,
    RuntimeStopped, StoreFailed,
};
use super::recurring::{RecurringEnqueued, RecurringSkipped};

/// The type of one kind of event.
pub trait EventType: Sized + 'static {
    /// The name on the wire. [`Event::name`] gives `enqueue_at` instead of `enqueue` for a job that was to run later.
    const NAME: &'static str;

    /// The event, if it is of this type.
    fn of(event: &Event) -> Option<&Self>;
}

/// Implements the trait for each type, whose variant in [`Event`] has the same name.
macro_rules! event_types {
    ($($name:ident = $wire:literal,)+) => {
        $(
            impl EventType for $name {
                const NAME: &'static str = $wire;

                fn of(event: &Event) -> Option<&Self> {
                    if let Event::$name(event) = event { Some(event) } else { None }
                }
            }

            impl From<$name> for Event {
                fn from(event: $name) -> Self {
                    Self::$name(event)
                }
            }
        )+

        /// All events: the name of each type, and its name on the wire.
        pub const ALL: &[(&str, &str)] = &[$((stringify!($name), $wire),)+];

        /// The name of the type of an event.
        pub(super) const fn type_name(event: &Event) -> &'static str {
            match event {
                $(Event::$name(_) => $name::NAME,)+
            }
        }
    };
}

event_types! {
    Enqueued = "enqueue",
    EnqueuedAt = "enqueue_at",
    EnqueuedWithin = "enqueue_within",
    EnqueueHalted = "enqueue",
    EnqueueFailed = "enqueue",
    EnqueueDeduplicated = "enqueue_duplicate",
    EnqueuedAll = "enqueue_all",
    EnqueuedAllWithin = "enqueue_all_within",
    PerformStarted = "perform_start",
    Performed = "perform",
    AttemptEnded = "attempt_ended",
    PerformHalted = "perform",
    RanSlowly = "slow",
    Snoozed = "snooze",
    PropagationFailed = "carried_unread",
    NameUnknown = "name_unknown",
    VersionUnknown = "version_unknown",
    Fenced = "fenced",
    NotCommitted = "not_committed",
    SettlementRefused = "settlement_refused",
    RetryScheduled = "enqueue_retry",
    RetryStopped = "retry_stopped",
    Discarded = "discard",
    Rescued = "rescue",
    Failed = "fail",
    CallbackFailed = "callback_failed",
    RecurringEnqueued = "recurring",
    RecurringSkipped = "recurring_skipped",
    RuntimeStarted = "start",
    RuntimeQuieted = "quiet",
    RuntimeStopped = "stop",
    Dispatched = "dispatch",
    Pruned = "prune",
    Recovered = "recover",
    Revived = "revive",
    ManuallyChanged = "manual_change",
    StoreFailed = "store_failed",
    LoopRestarted = "loop_restarted",
    LoopStalled = "loop_stalled",
    RuntimeStalled = "runtime_stalled",
}
