//! Jobs that recur: schedules, tasks, and which ticks are due.

mod cron_in_zone;
mod job_schedule;
pub mod missed;
mod record;
mod schedule;
mod task;
mod tick;
mod tick_batch;

pub use job_schedule::JobSchedule;
pub use missed::MissedTicks;
pub use record::{LateTick, RecurringRecord, RecurringTasks, UNDECLARED_KEPT};
pub use schedule::Schedule;
pub use task::RecurringTask;
pub use tick::{Tick, TickOutcome};
pub use tick_batch::TickBatch;
