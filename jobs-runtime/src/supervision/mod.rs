//! Keeps the loops of a process running, and records that they make progress.

pub(crate) mod backoff;
pub(crate) mod progress;
pub(crate) mod supervisor;
