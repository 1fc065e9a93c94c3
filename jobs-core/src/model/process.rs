//! A live process as the store knows it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::process_details::ProcessDetails;
use crate::{JobId, ProcessId, RefusedJob, Timestamp};

/// A process that claims jobs and reports by heartbeats that it is alive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Process {
    /// Its identity; new at each start.
    pub id: ProcessId,
    /// Its name for people, as `web-1`.
    pub name: String,
    /// The machine it runs on.
    pub host: String,
    /// Its process id on that machine.
    pub pid: u32,
    /// Its status.
    pub phase: ProcessStatus,
    /// The jobs that it runs for far longer than usual, the oldest first; at most [`SLOW_JOBS`](Self::SLOW_JOBS).
    #[serde(default)]
    pub slow: Vec<SlowJob>,
    /// What it can run. A store that does not keep it says nothing.
    #[serde(default, skip_serializing_if = "ProcessDetails::is_empty")]
    pub details: ProcessDetails,
}

impl Process {
    /// How many slow jobs a heartbeat tells of.
    pub const SLOW_JOBS: usize = 20;

    /// A running process on a host.
    pub fn new(id: ProcessId, name: impl Into<String>, host: impl Into<String>, pid: u32) -> Self {
        let details = ProcessDetails::default();
        Self { id, name: name.into(), host: host.into(), pid, phase: ProcessStatus::Running, slow: Vec::new(), details }
    }

    /// The slow jobs as JSON, as stores keep them; `None` if there are none.
    pub fn slow_json(&self) -> Option<String> {
        if self.slow.is_empty() { None } else { serde_json::to_string(&self.slow).ok() }
    }

    /// With the slow jobs of this JSON, as [`slow_json`](Self::slow_json) wrote it; without any if it cannot be read.
    #[must_use]
    pub fn with_slow_json(mut self, json: Option<&str>) -> Self {
        self.slow = json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
        self
    }
}

/// A job that runs for far longer than the jobs of its name usually do, or than the limit that is set for all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SlowJob {
    /// Its id.
    pub id: JobId,
    /// The name of its definition.
    pub name: String,
    /// Since when it runs, by the clock of its process.
    pub since: Timestamp,
}

impl SlowJob {
    /// A job that runs since then.
    pub fn new(id: JobId, name: impl Into<String>, since: Timestamp) -> Self {
        Self { id, name: name.into(), since }
    }
}

/// The status of a process. In JSON it is its name, as `"running"`.
/// A process only goes on from one to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProcessStatus {
    /// Claims and runs jobs.
    Running,
    /// Claims no more jobs; runs those that it holds.
    Quiet,
    /// Ended. The store forgets it and releases the jobs that it still held.
    Stopped,
}

impl ProcessStatus {
    /// The lower-case name that stores and tools use.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Quiet => "quiet",
            Self::Stopped => "stopped",
        }
    }

    /// The status of this name; `None` if there is none.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Running, Self::Quiet, Self::Stopped].into_iter().find(|status| status.as_str() == name)
    }
}

/// What a person asks of a process, also on another machine: see [`ProcessOrders`](crate::ProcessOrders).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProcessOrder {
    /// Claim no more jobs, and run those that it holds.
    Quiet,
    /// Stop in order, as after SIGTERM.
    Stop,
}

impl ProcessOrder {
    /// The verb: `quiet` or `stop`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Stop => "stop",
        }
    }

    /// The status of a process that has followed it.
    pub const fn status(self) -> ProcessStatus {
        match self {
            Self::Quiet => ProcessStatus::Quiet,
            Self::Stop => ProcessStatus::Stopped,
        }
    }
}

/// The answer to a heartbeat, also to the last one. Exhaustive: a process has to react to each answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum HeartbeatReply {
    /// The process was registered, or is new.
    Alive,
    /// The process was considered dead since its last heartbeat: its jobs were recovered.
    WasRecovered,
    /// The process was registered, and a person asks this of it.
    Asked(ProcessOrder),
}

impl HeartbeatReply {
    /// The answer to a process of this status for which the store keeps the `asked` one. That it was recovered is told first: the
    /// order is told again with the next heartbeat.
    pub fn new(was_recovered: bool, status: ProcessStatus, asked: ProcessStatus) -> Self {
        match asked {
            _ if was_recovered => Self::WasRecovered,
            ProcessStatus::Quiet if status < asked => Self::Asked(ProcessOrder::Quiet),
            ProcessStatus::Stopped if status < asked => Self::Asked(ProcessOrder::Stop),
            _ => Self::Alive,
        }
    }
}

/// How to recover the jobs of dead processes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Recovery {
    /// A process without a heartbeat for longer than this is dead.
    pub silence: Duration,
    /// A job fails as poisonous if this many processes died while they ran it.
    pub crash_limit: u32,
}

impl Recovery {
    /// Processes are dead after this silence; jobs are poisonous after this many crashes.
    pub const fn new(silence: Duration, crash_limit: u32) -> Self {
        Self { silence, crash_limit }
    }
}

/// The result of a recovery.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The registered processes that are now considered dead.
    pub processes: Vec<ProcessId>,
    /// The jobs that are ready again.
    pub ready: Vec<JobId>,
    /// The jobs that failed as poisonous.
    pub poisoned: Vec<JobId>,
    /// The jobs that stay with their dead process, because the database refused to change them.
    pub refused: Vec<RefusedJob>,
}

/// Whether a job is poisonous whose process died for the `crashes`-th time.
pub const fn is_poisonous(crashes: u32, limit: u32) -> bool {
    crashes >= limit
}

/// Whether a job that may have killed its process `crashes` times is failed at the next death. Such a job runs apart from
/// others like it, so that the next death shows which of them is the cause. A job that never lost a process is no suspect.
pub const fn has_one_death_left(crashes: u32, limit: u32) -> bool {
    crashes > 0 && is_poisonous(crashes.saturating_add(1), limit)
}

/// A process with what the store knows about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ProcessRecord {
    /// The process as its last heartbeat described it.
    pub process: Process,
    /// When the store saw it first; if it was considered dead and came back, when it came back.
    pub started_at: Timestamp,
    /// When the store saw it last.
    pub heartbeat_at: Timestamp,
    /// How many jobs it holds.
    pub claimed: u64,
    /// When it claimed the first of them; `None` if it holds none, or if the store does not say.
    #[serde(default)]
    pub oldest_claim: Option<Timestamp>,
    /// Whether it follows orders that the store passes on, see [`ProcessOrders`](crate::ProcessOrders). A process of other software
    /// may not. It says nothing of a store that passes none on.
    #[serde(default = "by_default")]
    pub takes_orders: bool,
}

const fn by_default() -> bool {
    true
}

impl ProcessRecord {
    /// A process that the store saw first and last at these times, and that holds this many jobs.
    pub const fn new(process: Process, started_at: Timestamp, heartbeat_at: Timestamp, claimed: u64) -> Self {
        Self { process, started_at, heartbeat_at, claimed, oldest_claim: None, takes_orders: true }
    }

    /// As a process that follows orders of the store or does not.
    #[must_use]
    pub const fn taking_orders(mut self, takes_orders: bool) -> Self {
        self.takes_orders = takes_orders;
        self
    }

    /// With the time at which it claimed the first of its jobs.
    #[must_use]
    pub const fn with_oldest_claim(mut self, at: Option<Timestamp>) -> Self {
        self.oldest_claim = at;
        self
    }

    /// How many of its slots are taken, and how many it has; `None` if it does not say. Jobs that it holds beyond its slots wait in
    /// it for a free one.
    pub fn slots(&self) -> Option<(u64, u64)> {
        let slots = self.process.details.slots;
        (slots > 0).then(|| (self.claimed.min(slots), slots))
    }
}
