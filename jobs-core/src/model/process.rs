//! A live process as the store knows it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{JobId, ProcessId, Timestamp};

/// A process that claims jobs and shows that it lives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Process {
    /// Its identity; new at each start.
    pub id: ProcessId,
    /// What a person calls it, as `web-1`.
    pub name: String,
    /// The machine it runs on.
    pub host: String,
    /// Its number on that machine.
    pub pid: u32,
    /// What it is doing.
    pub phase: Phase,
}

impl Process {
    /// A running process on a host.
    pub fn new(id: ProcessId, name: impl Into<String>, host: impl Into<String>, pid: u32) -> Self {
        Self { id, name: name.into(), host: host.into(), pid, phase: Phase::Running }
    }
}

/// What a process is doing. In JSON it is its word, as `"running"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Phase {
    /// Claims and runs jobs.
    Running,
    /// Claims nothing more; runs what it holds.
    Quiet,
    /// Gone. The store forgets it and gives back what it still held.
    Stopped,
}

impl Phase {
    /// The lower-case word stores and tools use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Quiet => "quiet",
            Self::Stopped => "stopped",
        }
    }
}

/// What a process learns from its heartbeat, also from its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Pulse {
    /// It was known, or had never been.
    Alive,
    /// It had been known and was given up as dead since its last heartbeat: what it held was recovered.
    Revived,
}

/// How to look for dead processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// A process without a heartbeat for longer than this is dead.
    pub silence: Duration,
    /// A job under which processes died so many times is failed as poisonous.
    pub crash_limit: u32,
}

/// What a recovery did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The processes that were known and are given up.
    pub processes: Vec<ProcessId>,
    /// The jobs that are ready again.
    pub ready: Vec<JobId>,
    /// The jobs that failed as poisonous.
    pub poisoned: Vec<JobId>,
}

/// Whether a job that lost its process for the `crashes`-th time is poisonous.
pub const fn is_poisonous(crashes: u32, limit: u32) -> bool {
    crashes >= limit
}

/// A process with what the store knows of its life.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessRecord {
    /// The process as it described itself last.
    pub process: Process,
    /// When the store saw it first; after it was given up as dead and came back, when it came back.
    pub started_at: Timestamp,
    /// When the store saw it last.
    pub heartbeat_at: Timestamp,
    /// How many jobs it holds.
    pub claimed: u64,
}
