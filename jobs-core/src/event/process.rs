//! The events of a process: its start and end, its upkeep of the store, and its errors.

use std::time::Duration;

use super::JobRef;
use crate::{JobId, ProcessId};

/// The runtime began to claim jobs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuntimeStarted {
    /// The process.
    pub process: ProcessId,
    /// Its workers.
    pub workers: Vec<StartedWorker>,
    /// The store, without secrets: `sqlite:jobs.db`. Empty if it was not opened by a URL.
    pub store: String,
    /// The environment, as `production`, if the program has one.
    pub environment: Option<String>,
}

/// A worker that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct StartedWorker {
    /// Its selectors by their names in the store, in order: `mail`, `mail*`, `*`.
    pub queues: Vec<String>,
    /// How many of its jobs run at once.
    pub concurrency: usize,
    /// The selectors of which it runs no more jobs than their limit, with that.
    pub at_most: Vec<(String, usize)>,
}

impl RuntimeStarted {
    /// The event of a process, without the other fields.
    pub const fn new(process: ProcessId) -> Self {
        Self { process, workers: Vec::new(), store: String::new(), environment: None }
    }
}

impl StartedWorker {
    /// A worker with these fields, without limits of single queues.
    pub const fn new(queues: Vec<String>, concurrency: usize) -> Self {
        Self { queues, concurrency, at_most: Vec::new() }
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

/// A loop of the process panicked or ended by mistake, and is restarted.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LoopRestarted {
    /// The name of the loop, as `heartbeat`.
    pub name: &'static str,
    /// The message of the panic; `it ended` if there was none.
    pub message: String,
    /// How long the loop waits before it runs again.
    pub after: Duration,
}

impl LoopRestarted {
    /// The message if the loop ended by mistake and did not panic.
    pub const ENDED: &'static str = "it ended";

    /// The event with these fields.
    pub fn new(name: &'static str, message: impl Into<String>, after: Duration) -> Self {
        Self { name, message: message.into(), after }
    }
}

/// A loop of the process has not turned for too long: it waits for one call to the store, or cannot run. It is reported again
/// each time the duration has doubled.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct LoopStalled {
    /// The name of the loop, as `dispatcher`.
    pub name: &'static str,
    /// How long it has not turned.
    pub duration: Duration,
}

impl LoopStalled {
    /// The event with these fields.
    pub const fn new(name: &'static str, duration: Duration) -> Self {
        Self { name, duration }
    }
}

/// The program's tokio runtime stands still: code that blocks holds all its threads. It is reported again each time the
/// duration has doubled.
///
/// Watchers receive it on another thread than that of tokio.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct RuntimeStalled {
    /// How long the runtime has stood still.
    pub duration: Duration,
    /// The jobs that hold a thread of the runtime. Empty if other code of the program does.
    pub jobs: Vec<JobRef>,
}

impl RuntimeStalled {
    /// The event with these fields.
    pub const fn new(duration: Duration, jobs: Vec<JobRef>) -> Self {
        Self { duration, jobs }
    }
}
