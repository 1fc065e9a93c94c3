//! The events of a process: its start and end, its upkeep of the store, and its errors.

use std::time::Duration;

use crate::{JobId, ProcessId};

/// The runtime began to claim jobs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuntimeStarted {
    /// The process.
    pub process: ProcessId,
}

impl RuntimeStarted {
    /// The event with these fields.
    pub const fn new(process: ProcessId) -> Self {
        Self { process }
    }
}

/// The runtime stopped claiming jobs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuntimeQuieted {
    /// The process.
    pub process: ProcessId,
}

impl RuntimeQuieted {
    /// The event with these fields.
    pub const fn new(process: ProcessId) -> Self {
        Self { process }
    }
}

/// The runtime ended.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuntimeStopped {
    /// The process.
    pub process: ProcessId,
    /// How many claimed jobs were given back to the store.
    pub returned: usize,
}

impl RuntimeStopped {
    /// The event with these fields.
    pub const fn new(process: ProcessId, returned: usize) -> Self {
        Self { process, returned }
    }
}

/// Scheduled jobs became ready.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Dispatched {
    /// How many.
    pub count: usize,
}

impl Dispatched {
    /// The event with these fields.
    pub const fn new(count: usize) -> Self {
        Self { count }
    }
}

/// Finished jobs were deleted, since their retention is over.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Pruned {
    /// How many.
    pub count: u64,
}

impl Pruned {
    /// The event with these fields.
    pub const fn new(count: u64) -> Self {
        Self { count }
    }
}

/// The jobs of dead processes were taken back.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Recovered {
    /// The dead processes.
    pub processes: Vec<ProcessId>,
    /// How many jobs are ready again.
    pub ready: usize,
    /// The jobs that failed as poisonous. Each has an event [`Failed`](super::failure::Failed) too.
    pub poisoned: Vec<JobId>,
}

impl Recovered {
    /// The event with these fields.
    pub const fn new(processes: Vec<ProcessId>, ready: usize, poisoned: Vec<JobId>) -> Self {
        Self { processes, ready, poisoned }
    }
}

/// This process was thought to be dead: other processes took back the jobs that it held. It goes on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Revived {
    /// The process.
    pub process: ProcessId,
}

impl Revived {
    /// The event with these fields.
    pub const fn new(process: ProcessId) -> Self {
        Self { process }
    }
}

/// The store returned an error; the runtime goes on.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StoreFailed {
    /// What the runtime asked for, as `settle and claim`.
    pub operation: &'static str,
    /// The message of the error.
    pub message: String,
}

impl StoreFailed {
    /// The event with these fields.
    pub fn new(operation: &'static str, message: impl Into<String>) -> Self {
        Self { operation, message: message.into() }
    }
}

/// A loop of the process panicked and is restarted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LoopRestarted {
    /// The name of the loop, as `heartbeat`.
    pub name: &'static str,
    /// The message of the panic.
    pub message: String,
    /// How long the loop waits before it runs again.
    pub after: Duration,
}

impl LoopRestarted {
    /// The event with these fields.
    pub fn new(name: &'static str, message: impl Into<String>, after: Duration) -> Self {
        Self { name, message: message.into(), after }
    }
}
