//! What a process reports: events, log lines, metrics, errors.

#[macro_use]
mod log_macros;

pub(crate) mod attempt_counter;
pub(crate) mod attempt_log;
#[cfg(feature = "logs")]
pub(crate) mod attempt_log_layer;
pub(crate) mod error_report;
pub(crate) mod events;
pub(crate) mod hooks;
pub(crate) mod job_span;
pub(crate) mod log;
pub(crate) mod log_enqueue;
pub(crate) mod log_repeats;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
