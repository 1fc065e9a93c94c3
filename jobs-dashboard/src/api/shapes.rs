//! What is answered. Keys are those of `--json` of the command line, and are only ever added.

use std::time::Duration;

use jobs_core::{ErrorRecord, JobRecord, JobStats, ProcessRecord, QueueRecord, State};
use serde::Serialize;

/// A job in a list.
#[derive(Serialize)]
pub(crate) struct Job {
    id: String,
    #[serde(rename = "job")]
    name: String,
    queue: String,
    priority: i32,
    state: State,
    attempts: u32,
    crashes: u32,
    enqueued_at: String,
    due_at: String,
    done_at: Option<String>,
    claimed_by: Option<String>,
    /// Why the last attempt failed.
    error: Option<Failed>,
}

/// Why an attempt failed.
#[derive(Serialize)]
pub(crate) struct Failed {
    class: String,
    message: String,
    causes: Vec<String>,
    attempt: u32,
    at: String,
    duration_seconds: f64,
    process: Option<String>,
}

/// One job with all that is known of it.
#[derive(Serialize)]
pub(crate) struct WholeJob {
    #[serde(flatten)]
    job: Job,
    version: u32,
    /// As people may see them; null if they are not to be seen.
    shown_arguments: Option<String>,
    unique_key: Option<String>,
    concurrency_key: Option<String>,
    batch_id: Option<String>,
    expires_at: Option<String>,
    errors: Vec<Failed>,
}

/// A page of jobs.
#[derive(Serialize)]
pub(crate) struct Page {
    pub(crate) jobs: Vec<Job>,
    /// What `before` is for the page with older jobs; null if there is none.
    pub(crate) older: Option<String>,
    /// What `after` is for the page with newer ones, likewise.
    pub(crate) newer: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct Queue {
    #[serde(rename = "queue")]
    name: String,
    ready: u64,
    latency_seconds: f64,
    paused: bool,
}

#[derive(Serialize)]
pub(crate) struct Process {
    id: String,
    name: String,
    host: String,
    pid: u32,
    phase: &'static str,
    started_at: String,
    heartbeat_at: String,
    claimed: u64,
}

/// The store at a glance.
#[derive(Serialize)]
pub(crate) struct Stats {
    scheduled: u64,
    blocked: u64,
    ready: u64,
    claimed: u64,
    failed: u64,
    finished: u64,
    discarded: u64,
    latency_seconds: f64,
    processes: usize,
    queues: Vec<Queue>,
}

impl Job {
    pub(crate) fn new(job: &JobRecord) -> Self {
        Self {
            id: job.id.to_string(),
            name: job.name.clone(),
            queue: job.queue.clone(),
            priority: job.priority,
            state: job.state,
            attempts: job.attempts,
            crashes: job.crashes,
            enqueued_at: job.enqueued_at.to_string(),
            due_at: job.due_at.to_string(),
            done_at: job.done_at.map(|time| time.to_string()),
            claimed_by: job.claimed_by.map(|process| process.to_string()),
            error: job.errors.last().map(Failed::new),
        }
    }
}

impl Failed {
    fn new(error: &ErrorRecord) -> Self {
        Self {
            class: error.class.clone(),
            message: error.message.clone(),
            causes: error.causes.clone(),
            attempt: error.attempt,
            at: error.at.to_string(),
            duration_seconds: Duration::from_millis(error.duration_ms).as_secs_f64(),
            process: error.process.map(|process| process.to_string()),
        }
    }
}

impl WholeJob {
    pub(crate) fn new(job: &JobRecord, shown_arguments: Option<String>) -> Self {
        Self {
            job: Job::new(job),
            version: job.version,
            shown_arguments,
            unique_key: job.unique_key.clone(),
            concurrency_key: job.concurrency_key.clone(),
            batch_id: job.batch_id.clone(),
            expires_at: job.expires_at.map(|time| time.to_string()),
            errors: job.errors.iter().map(Failed::new).collect(),
        }
    }
}

impl Queue {
    pub(crate) fn new(queue: &QueueRecord) -> Self {
        Self {
            name: queue.name.clone(),
            ready: queue.ready,
            latency_seconds: queue.latency.as_secs_f64(),
            paused: queue.paused,
        }
    }
}

impl Process {
    pub(crate) fn new(record: &ProcessRecord) -> Self {
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
        }
    }
}

impl Stats {
    pub(crate) fn new(stats: &JobStats) -> Self {
        let count = |state| stats.counts.of(state);
        Self {
            scheduled: count(State::Scheduled),
            blocked: count(State::Blocked),
            ready: count(State::Ready),
            claimed: count(State::Claimed),
            failed: count(State::Failed),
            finished: count(State::Finished),
            discarded: count(State::Discarded),
            latency_seconds: stats.latency().as_secs_f64(),
            processes: stats.processes.len(),
            queues: stats.queues.iter().map(Queue::new).collect(),
        }
    }
}
