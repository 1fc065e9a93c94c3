//! What a process reports: events, log lines, metrics, errors.

pub(crate) mod error_report;
pub(crate) mod events;
pub(crate) mod hooks;
pub(crate) mod log;
#[cfg(feature = "metrics")]
pub(crate) mod metrics;
