//! The capability of a store to keep recurring tasks.

use super::StoreFuture;
use crate::{RecurringTask, RecurringTasks, Tick, TickOutcome};

/// The capability of a store to keep recurring tasks, and to give each tick to one scheduler only.
///
/// **Exactly once.** Any number of schedulers request the same ticks. A tick is taken and its job is stored atomically:
/// both or neither. A repeated request is harmless; its answer is [`TickOutcome::Taken`].
///
/// **Time.** The store's own clock decides which ticks are due.
pub trait Recurring: Send + Sync {
    /// Adds tasks, or updates them: [`RecurringRecord::declare`](crate::RecurringRecord::declare). Forgets those that
    /// [no program declares any more](crate::RecurringRecord::is_forgotten).
    ///
    /// A task that is not among them stays: other programs may declare it. Those programs enqueue its jobs, so a task
    /// that no running program declares enqueues nothing.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn declare<'a>(&'a self, tasks: &'a [RecurringTask]) -> StoreFuture<'a, ()>;

    /// All tasks, with the store's current time.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn tasks(&self) -> StoreFuture<'_, RecurringTasks>;

    /// Takes a tick, unless it [is refused](crate::RecurringRecord::refuses), and stores its job as
    /// [`Store::enqueue`](crate::Store::enqueue) would. A tick whose job is a duplicate is taken too.
    ///
    /// # Errors
    /// As [`Store`](crate::Store); nothing is taken or stored then.
    fn tick<'a>(&'a self, tick: &'a Tick) -> StoreFuture<'a, TickOutcome>;

    /// Gives out no tick of the task until it is resumed. Returns whether the task existed and was not paused.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn pause_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool>;

    /// Ends a pause: [`RecurringRecord::resume`](crate::RecurringRecord::resume). Returns whether there was one.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn resume_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool>;

    /// Forgets a task and its ticks. Returns whether it existed. A program that declares it adds it again.
    ///
    /// # Errors
    /// As [`Store`](crate::Store).
    fn forget_task<'a>(&'a self, key: &'a str) -> StoreFuture<'a, bool>;
}
