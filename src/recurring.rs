//! Recurring tasks that are declared where the runtime is built, and their schedules.
//!
//! ```
//! use jobs::prelude::*;
//! use jobs::recurring::RecurringTask;
//!
//! #[job]
//! async fn report(region: String) -> Result<(), std::io::Error> {
//!     println!("{region}");
//!     Ok(())
//! }
//!
//! # fn example() -> jobs::Result<()> {
//! let task = RecurringTask::of("report_eu", &Report::new("eu"), "every day at 5am")?;
//! let builder = Runtime::builder().recurring(task);
//! # drop(builder);
//! # Ok(())
//! # }
//! ```
//!
//! The guide explains [recurring jobs](crate::guide::recurring).

pub use jobs_core::{
    JobSchedule, MissedTicks, Recurring, RecurringRecord, RecurringTask, RecurringTasks, Schedule, Tick, TickBatch,
    TickOutcome,
};
