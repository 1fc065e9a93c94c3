//! Keeps the process alive: its heartbeats, its loops, and what they report when they stand still.

pub(crate) mod backoff;
pub(crate) mod heartbeat_thread;
pub(crate) mod liveness;
pub(crate) mod loop_watch;
pub(crate) mod polled_jobs;
pub(crate) mod progress;
pub(crate) mod runtime_watch;
pub(crate) mod supervisor;
