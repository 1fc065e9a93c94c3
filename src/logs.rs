//! What jobs log, kept with their attempts.
//!
//! With the feature `logs`, a layer for `tracing` collects what each attempt of a job logs, and the store keeps it beside the error of
//! the attempt. See [the guide](crate::guide::observing#logs-of-attempts).

pub use jobs_core::{AttemptLog, LogLevel, LogLine};
#[cfg(feature = "logs")]
pub use jobs_runtime::AttemptLogLayer;
