//! Jobs that recur: schedules, tasks, and which ticks are due.

mod cron_in_zone;
mod job_schedule;
pub mod missed;
mod schedule;
mod task;

pub use job_schedule::Recurs;
pub use missed::Missed;
pub use schedule::Schedule;
pub use task::{Agenda, Recurring, RecurringRecord, RecurringTask, Tick, Ticked, UNDECLARED_KEPT};
