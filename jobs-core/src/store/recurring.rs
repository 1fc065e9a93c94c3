//! The capability of a store to keep recurring tasks.

use super::StoreFuture;
use crate::{Error, RecurringTask, RecurringTasks, Tick, TickOutcome};

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

    /// Takes the ticks that [are not refused](crate::RecurringRecord::refuses), and stores their jobs as
    /// [`Store::enqueue`](crate::Store::enqueue) would: [`TickBatch`](crate::TickBatch). A tick whose job is a duplicate is
    /// taken too. One answer for each tick in their order. Several of them may be of one task.
    ///
    /// All of it is one transaction: a store writes many ticks in few statements.
    ///
    /// # Errors
    /// As [`Store`](crate::Store); no tick is taken and no job is stored then. If the error is not transient, one of the
    /// ticks may be refused for good: the caller requests them again in smaller parts.
    fn ticks<'a>(&'a self, ticks: &'a [Tick]) -> StoreFuture<'a, Vec<TickOutcome>>;

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

impl dyn Recurring + '_ {
    /// As [`ticks`](Recurring::ticks), for one.
    ///
    /// # Errors
    /// As there.
    pub fn tick<'a>(&'a self, tick: &'a Tick) -> StoreFuture<'a, TickOutcome> {
        Box::pin(async move {
            let answers = self.ticks(std::slice::from_ref(tick)).await?;
            let answer = answers.first().copied();
            answer.ok_or_else(|| Error::other("the store gave no answer for a tick; this is a bug in the store"))
        })
    }
}
