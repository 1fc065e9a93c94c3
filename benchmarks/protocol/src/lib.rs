//! What the parent and the contestants' programs say to each other, so that all are measured alike.
//!
//! The parent starts `<program> child <contestant> <step> <place> <jobs> <backlog>`; the child does that one step
//! and prints one [`Report`] as a line of JSON.

mod drain;
mod latency;
mod memory;
mod payload;
#[cfg(feature = "postgres")]
pub mod postgres;
mod report;
mod task;

pub use drain::{PATIENCE, Tally, drained};
pub use latency::{Latencies, Waits};
pub use memory::{peak_kib, resident_kib};
pub use payload::{METHOD, Payload, now_micros};
pub use report::{Cost, Part, Report, Stopwatch};
pub use task::{Step, Task};

/// Whatever went wrong; the child prints it and ends with a failure.
pub type Outcome<T> = Result<T, Box<dyn std::error::Error + Send + Sync>>;
