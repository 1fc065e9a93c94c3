//! The protocol between the parent and the programs of the contestants, which measures all of them in the same way.
//!
//! The parent starts `<program> child <task>` with a [`Task`] as JSON; the child runs its step and prints one [`Report`] as
//! a line of JSON.

mod drain;
mod latency;
mod memory;
mod payload;
#[cfg(feature = "postgres")]
pub mod postgres;
mod report;
mod step;
mod task;

pub use drain::{PATIENCE, Tally, drained};
pub use latency::{Latencies, Waits};
pub use memory::{cpu_seconds, peak_kib, resident_kib};
pub use payload::{METHOD, Payload, now_micros};
pub use report::{Cost, Idle, Part, Report, Stopwatch};
pub use step::{Selectors, Step};
pub use task::{RailsTables, Task};

/// Any error; the child prints it and exits with a failure.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
