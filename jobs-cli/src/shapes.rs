//! What is printed with `--json`. Keys are only ever added.

use jobs::{ErrorRecord, JobRecord, ProcessRecord, QueueRecord, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::output::Row;
use crate::spans::{seen_from, spoken};

/// A job in a list.
#[derive(Debug, Serialize)]
pub(crate) struct Job {
    pub(crate) id: String,
    #[serde(rename = "job")]
    pub(crate) name: String,
    pub(crate) queue: String,
    pub(crate) priority: i32,
    pub(crate) state: &'static str,
    pub(crate) attempts: u32,
    pub(crate) crashes: u32,
    pub(crate) enqueued_at: String,
    pub(crate) due_at: String,
    pub(crate) done_at: Option<String>,
    pub(crate) claimed_by: Option<String>,
    /// Why the last attempt failed.
    pub(crate) error: Option<Failure>,
    #[serde(skip)]
    seen: String,
}

#[derive(Debug, Serialize)]
pub(crate) struct Failure {
    pub(crate) class: String,
    pub(crate) message: String,
    /// The words of its causes, outermost first.
    pub(crate) causes: Vec<String>,
    pub(crate) attempt: u32,
    pub(crate) at: String,
    pub(crate) duration_seconds: f64,
    /// Which process ran it.
    pub(crate) process: Option<String>,
}

impl Job {
    pub(crate) fn new(job: &JobRecord, now: Timestamp) -> Self {
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
            error: job.errors.last().map(Failure::new),
            seen: seen_from(now, job.enqueued_at),
        }
    }
}

impl Failure {
    fn new(error: &ErrorRecord) -> Self {
        Self {
            class: error.class.clone(),
            message: error.message.clone(),
            causes: error.causes.clone(),
            attempt: error.attempt,
            at: error.at.to_string(),
            duration_seconds: std::time::Duration::from_millis(error.duration_ms).as_secs_f64(),
            process: error.process.map(|process| process.to_string()),
        }
    }
}

impl Row for Job {
    const HEAD: &'static [&'static str] = &["ID", "JOB", "QUEUE", "STATE", "ENQUEUED", "LAST ERROR"];

    fn cells(&self) -> Vec<String> {
        let error = self.error.as_ref().map(|error| format!("{}: {}", error.class, error.message));
        let error = error.map(|text| shortened(&text)).unwrap_or_default();
        let state = format!("{} ({})", self.state, self.attempts);
        vec![self.id.clone(), self.name.clone(), self.queue.clone(), state, self.seen.clone(), error]
    }
}

/// One job with all that is known of it.
#[derive(Debug, Serialize)]
pub(crate) struct WholeJob<'a> {
    #[serde(flatten)]
    pub(crate) job: Job,
    pub(crate) version: u32,
    /// As they are stored; null if they are not to be shown.
    pub(crate) arguments: Option<&'a RawValue>,
    /// As people may see them.
    pub(crate) shown_arguments: Option<String>,
    pub(crate) errors: Vec<Failure>,
}

impl<'a> WholeJob<'a> {
    pub(crate) fn new(job: &'a JobRecord, shown: Option<String>, with_arguments: bool, now: Timestamp) -> Self {
        // What is stored and is no JSON is shown as text alone.
        let raw = with_arguments.then(|| serde_json::from_str(&job.arguments).ok()).flatten();
        Self {
            job: Job::new(job, now),
            version: job.version,
            arguments: raw,
            shown_arguments: if with_arguments { Some(job.arguments.clone()) } else { shown },
            errors: job.errors.iter().map(Failure::new).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Queue {
    #[serde(rename = "queue")]
    pub(crate) name: String,
    pub(crate) ready: u64,
    pub(crate) latency_seconds: f64,
    pub(crate) paused: bool,
    #[serde(skip)]
    latency: String,
}

impl Queue {
    pub(crate) fn new(queue: &QueueRecord) -> Self {
        Self {
            name: queue.name.clone(),
            ready: queue.ready,
            latency_seconds: queue.latency.as_secs_f64(),
            paused: queue.paused,
            latency: spoken(queue.latency),
        }
    }
}

impl Row for Queue {
    const HEAD: &'static [&'static str] = &["QUEUE", "READY", "LATENCY", ""];

    fn cells(&self) -> Vec<String> {
        let paused = if self.paused { "paused" } else { "" };
        vec![self.name.clone(), self.ready.to_string(), self.latency.clone(), paused.into()]
    }
}

#[derive(Debug, Serialize)]
pub(crate) struct Process {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) host: String,
    pub(crate) pid: u32,
    pub(crate) phase: &'static str,
    pub(crate) started_at: String,
    pub(crate) heartbeat_at: String,
    pub(crate) claimed: u64,
    #[serde(skip)]
    seen: String,
}

impl Process {
    pub(crate) fn new(record: &ProcessRecord, now: Timestamp) -> Self {
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
            seen: seen_from(now, record.heartbeat_at),
        }
    }
}

impl Row for Process {
    const HEAD: &'static [&'static str] = &["PROCESS", "NAME", "HOST:PID", "PHASE", "JOBS", "LAST SEEN"];

    fn cells(&self) -> Vec<String> {
        let place = format!("{}:{}", self.host, self.pid);
        let jobs = self.claimed.to_string();
        vec![self.id.clone(), self.name.clone(), place, self.phase.into(), jobs, self.seen.clone()]
    }
}

/// What a command changed, or would change.
#[derive(Debug, Serialize)]
pub(crate) struct Changed {
    /// How many jobs match.
    pub(crate) matched: u64,
    /// How many were changed.
    #[serde(rename = "changed")]
    pub(crate) touched: u64,
    /// Whether it was only counted.
    pub(crate) dry_run: bool,
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
