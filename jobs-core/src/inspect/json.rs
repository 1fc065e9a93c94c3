//! The JSON form of jobs, queues, processes and tasks, for the command line, the dashboard and your own pages. Times are
//! texts as `2026-01-01T00:00:00Z`, durations are seconds. Keys are only ever added.

mod log;
mod stats;

use std::time::Duration;

use serde::Serialize;

use crate::job::shown_unique_key;
use crate::{ErrorRecord, JobRecord, Meta, ProcessRecord, QueueRecord, RecurringRecord, State, Timestamp};

pub use log::{AttemptLog, LogLine};
pub use stats::{Snapshot, Stats, Sums};

pub use crate::figures::json::{
    AttemptSummary, Bucket, DeployMark, Distribution, FigureStep, FigureSummary, JobFigures, QueueFigures,
};

/// A job in a list.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Job {
    /// Its id.
    pub id: String,
    /// The name of its definition.
    #[serde(rename = "job")]
    pub name: String,
    /// Its queue.
    pub queue: String,
    /// Its priority.
    pub priority: i32,
    /// The name of its state.
    pub state: &'static str,
    /// How many attempts were started.
    pub attempts: u32,
    /// How many processes died while they ran it.
    pub crashes: u32,
    /// When it was enqueued.
    pub enqueued_at: String,
    /// When it is or was due.
    pub due_at: String,
    /// When it was finished or discarded.
    pub done_at: Option<String>,
    /// The process that holds it.
    pub claimed_by: Option<String>,
    /// When that process claimed it; null if the store does not say.
    pub claimed_at: Option<String>,
    /// The error of the last attempt. In a list its message has at most
    /// [`LISTED_MESSAGE_BYTES`](crate::error_limits::LISTED_MESSAGE_BYTES).
    pub error: Option<Failed>,
}

/// The error of an attempt.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Failed {
    /// The type of the error.
    pub class: String,
    /// Its message.
    pub message: String,
    /// The messages of its causes, outermost first.
    pub causes: Vec<String>,
    /// Which attempt it was, from 1.
    pub attempt: u32,
    /// When it ended.
    pub at: String,
    /// How long it ran.
    pub duration_seconds: f64,
    /// Which process ran it.
    pub process: Option<String>,
    /// What it logged; left out if that is not kept, and in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<AttemptLog>,
}

/// A job with all its data, except its arguments as they are stored.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct WholeJob {
    /// The keys that it has in a list.
    #[serde(flatten)]
    pub job: Job,
    /// The version of its arguments.
    pub version: u32,
    /// Its arguments as they may be displayed; null if they are hidden.
    pub shown_arguments: Option<String>,
    /// Its unique key; `[hidden]` if arguments are hidden or redacted, which could be guessed from it.
    pub unique_key: Option<String>,
    /// Its concurrency key.
    pub concurrency_key: Option<String>,
    /// The batch that it belongs to.
    pub batch_id: Option<String>,
    /// When it expires.
    pub expires_at: Option<String>,
    /// The tick of a recurring task that it was enqueued for.
    pub tick: Option<String>,
    /// The errors of its attempts, in order.
    pub errors: Vec<Failed>,
    /// What the attempt logged that finished it; left out if that is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log: Option<AttemptLog>,
    /// The process that finished it; left out if its log is not kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finished_by: Option<String>,
}

/// Failed jobs of one name whose errors are of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FailureGroup {
    /// The key that selects these jobs.
    pub failure: String,
    /// The name of the job.
    pub job: String,
    /// The type of the error.
    pub class: String,
    /// Its message without its [variable parts](crate::message_pattern).
    pub message: String,
    /// How many of the jobs that were read are in the group.
    pub count: u64,
    /// When the first of them failed.
    pub first_at: String,
    /// When the last of them failed.
    pub last_at: String,
    /// The id of the job that failed last.
    pub last_job: String,
}

/// A queue: see [`Inspect::queues`](crate::Inspect::queues). The counts of jobs that are not ready are null if the store does
/// not count them by queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Queue {
    /// Its name.
    #[serde(rename = "queue")]
    pub name: String,
    /// How many jobs are ready.
    pub ready: u64,
    /// How long the first of them has waited.
    pub latency_seconds: f64,
    /// Whether it is paused.
    pub paused: bool,
    /// How many jobs are scheduled.
    pub scheduled: Option<u64>,
    /// How many are blocked.
    pub blocked: Option<u64>,
    /// How many are claimed.
    pub claimed: Option<u64>,
    /// How many are failed.
    pub failed: Option<u64>,
}

/// A process that uses the store.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Process {
    /// Its identity.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The host it runs on.
    pub host: String,
    /// Its process id there.
    pub pid: u32,
    /// Its status.
    pub phase: &'static str,
    /// When it started.
    pub started_at: String,
    /// The time of its last heartbeat.
    pub heartbeat_at: String,
    /// How many jobs it holds.
    pub claimed: u64,
    /// The jobs that it runs for far longer than usual, the oldest first.
    pub slow: Vec<SlowJob>,
    /// How many jobs it can run at once; null if it does not say, or if the store does not keep it. So are the next two.
    pub slots: Option<u64>,
    /// How many of its slots are taken.
    pub busy: Option<u64>,
    /// The version of its program.
    pub version: Option<String>,
    /// The selectors of its workers, as `mail*`; empty if it does not say.
    pub queues: Vec<String>,
    /// Since when the first of its jobs runs; null if it runs none, or if the store does not say.
    pub running_since: Option<String>,
}

/// A job that runs for far longer than usual.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SlowJob {
    /// Its id.
    pub id: String,
    /// The name of its definition.
    #[serde(rename = "job")]
    pub name: String,
    /// Since when it runs.
    pub since: String,
}

/// A recurring task, without its arguments.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Task {
    /// Its key.
    pub key: String,
    /// The name of its job.
    pub job: String,
    /// Its schedule, as it was declared.
    pub schedule: String,
    /// The time zone, if one was given.
    pub zone: Option<String>,
    /// The schedule in words; the error if it cannot be read.
    pub described: String,
    /// The queue, if not that of its job.
    pub queue: Option<String>,
    /// The priority, if not that of its job.
    pub priority: Option<i32>,
    /// What happens to missed ticks.
    pub missed: String,
    /// What it is for.
    pub description: Option<String>,
    /// How long each of its jobs is worth running, if not as long as the job itself says.
    pub expires_in_seconds: Option<f64>,
    /// Whether it is paused.
    pub paused: bool,
    /// The other software that keeps it, as `sidekiq-cron`; null for a task that programs declare.
    pub source: Option<String>,
    /// The last tick that has a job.
    pub last_tick: Option<String>,
    /// The id of that job.
    pub last_job: Option<String>,
    /// The next tick; null if there is none.
    pub next_tick: Option<String>,
    /// When a program declared it last.
    pub declared_at: String,
}

impl From<&JobRecord> for Job {
    fn from(job: &JobRecord) -> Self {
        Self {
            id: job.id.to_string(),
            name: job.name.clone(),
            queue: job.queue.clone(),
            priority: job.priority,
            state: job.state.as_str(),
            attempts: job.attempts,
            crashes: job.crashes,
            enqueued_at: job.enqueued_at.to_string(),
            due_at: job.due_at.to_string(),
            done_at: job.done_at.map(|time| time.to_string()),
            claimed_by: job.claimed_by.map(|process| process.to_string()),
            claimed_at: job.claimed_at.map(|time| time.to_string()),
            error: job.errors.last().map(Failed::from),
        }
    }
}

impl From<&ErrorRecord> for Failed {
    fn from(error: &ErrorRecord) -> Self {
        Self {
            class: error.class.clone(),
            message: error.message.clone(),
            causes: error.causes.clone(),
            attempt: error.attempt,
            at: error.at.to_string(),
            duration_seconds: Duration::from_millis(error.duration_ms).as_secs_f64(),
            process: error.process.map(|process| process.to_string()),
            log: error.log.as_deref().map(AttemptLog::from),
        }
    }
}

impl WholeJob {
    /// Of a job, with its arguments as they may be displayed.
    pub fn new(job: &JobRecord, shown_arguments: Option<String>) -> Self {
        Self {
            job: job.into(),
            version: job.version,
            unique_key: shown_unique_key(job, shown_arguments.as_deref()).map(str::to_owned),
            shown_arguments,
            concurrency_key: job.concurrency_key.clone(),
            batch_id: job.batch_id.clone(),
            expires_at: job.expires_at.map(|time| time.to_string()),
            tick: Meta::parse(job.meta.as_deref()).ok().and_then(|meta| meta.tick).map(|tick| tick.to_string()),
            errors: job.errors.iter().map(Failed::from).collect(),
            log: job.log.as_deref().map(AttemptLog::from),
            finished_by: job.finished_by.map(|process| process.to_string()),
        }
    }
}

impl From<&QueueRecord> for Queue {
    fn from(queue: &QueueRecord) -> Self {
        let count = |state| queue.counts.map(|counts| counts.of(state));
        Self {
            name: queue.name.clone(),
            ready: queue.ready,
            latency_seconds: queue.latency.as_secs_f64(),
            paused: queue.paused,
            scheduled: count(State::Scheduled),
            blocked: count(State::Blocked),
            claimed: count(State::Claimed),
            failed: count(State::Failed),
        }
    }
}

impl From<&ProcessRecord> for Process {
    fn from(record: &ProcessRecord) -> Self {
        let process = &record.process;
        Self {
            id: process.id.to_string(),
            name: process.name.clone(),
            host: process.host.clone(),
            pid: process.pid,
            phase: process.phase.as_str(),
            started_at: record.started_at.to_string(),
            heartbeat_at: record.heartbeat_at.to_string(),
            claimed: record.claimed,
            slow: process.slow.iter().map(SlowJob::from).collect(),
            slots: record.slots().map(|(_, slots)| slots),
            busy: record.slots().map(|(busy, _)| busy),
            version: process.details.version.clone(),
            queues: process.details.queues.clone(),
            running_since: record.oldest_claim.map(|at| at.to_string()),
        }
    }
}

impl From<&crate::SlowJob> for SlowJob {
    fn from(job: &crate::SlowJob) -> Self {
        Self { id: job.id.to_string(), name: job.name.clone(), since: job.since.to_string() }
    }
}

impl Task {
    /// Of a task, at this time.
    pub fn new(record: &RecurringRecord, now: Timestamp) -> Self {
        let task = &record.task;
        Self {
            key: task.key.clone(),
            job: task.job.clone(),
            schedule: task.schedule.clone(),
            zone: task.zone.clone(),
            described: task.when().map_or_else(|error| error.to_string(), |schedule| schedule.describe()),
            queue: task.queue.clone(),
            priority: task.priority,
            missed: task.missed.to_string(),
            description: task.description.clone(),
            expires_in_seconds: task.expires_in.map(|time| time.as_secs_f64()),
            paused: record.paused,
            source: record.source.clone(),
            last_tick: record.last_tick.map(|tick| tick.to_string()),
            last_job: record.last_job.map(|job| job.to_string()),
            next_tick: record.next(now).map(|tick| tick.to_string()),
            declared_at: record.declared_at.to_string(),
        }
    }
}
