//! What `Recurring` promises: declared tasks and their ticks.

pub mod recurring_tasks;
pub mod recurring_ticks;
pub mod tick_batches;
