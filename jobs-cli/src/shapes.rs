//! What is printed: what JSON tells of a store, with what only a table shows.

use std::time::Duration;

use jobs::json::{Job, Process, Queue, WholeJob};
use jobs::{JobRecord, Timestamp};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::output::Row;
use crate::spans::{seen_from, spoken};

/// Something with a time of its own, and how long ago that is.
#[derive(Debug, Serialize)]
pub(crate) struct Seen<T> {
    #[serde(flatten)]
    shape: T,
    #[serde(skip)]
    ago: String,
}

impl<T> Seen<T> {
    pub(crate) fn new(shape: impl Into<T>, at: Timestamp, now: Timestamp) -> Self {
        Self { shape: shape.into(), ago: seen_from(now, at) }
    }
}

impl Row for Seen<Job> {
    const HEAD: &'static [&'static str] = &["ID", "JOB", "QUEUE", "STATE", "ENQUEUED", "LAST ERROR"];

    fn cells(&self) -> Vec<String> {
        let job = &self.shape;
        let error = job.error.as_ref().map(|error| format!("{}: {}", error.class, error.message));
        let error = error.map(|text| shortened(&text)).unwrap_or_default();
        let state = format!("{} ({})", job.state, job.attempts);
        vec![job.id.clone(), job.name.clone(), job.queue.clone(), state, self.ago.clone(), error]
    }
}

/// One job with its arguments as they are stored.
#[derive(Debug, Serialize)]
pub(crate) struct Stored<'a> {
    #[serde(flatten)]
    pub(crate) whole: WholeJob,
    /// Null if they are not to be shown, or are no JSON.
    arguments: Option<&'a RawValue>,
}

impl<'a> Stored<'a> {
    pub(crate) fn new(job: &'a JobRecord, shown: Option<String>, with_arguments: bool) -> Self {
        let raw = with_arguments.then(|| serde_json::from_str(&job.arguments).ok()).flatten();
        let shown = if with_arguments { Some(job.arguments.clone()) } else { shown };
        Self { whole: WholeJob::new(job, shown), arguments: raw }
    }
}

impl Row for Queue {
    const HEAD: &'static [&'static str] = &["QUEUE", "READY", "LATENCY", ""];

    fn cells(&self) -> Vec<String> {
        let paused = if self.paused { "paused" } else { "" };
        let latency = Duration::try_from_secs_f64(self.latency_seconds).unwrap_or_default();
        vec![self.name.clone(), self.ready.to_string(), spoken(latency), paused.into()]
    }
}

impl Row for Seen<Process> {
    const HEAD: &'static [&'static str] = &["PROCESS", "NAME", "HOST:PID", "PHASE", "JOBS", "LAST SEEN"];

    fn cells(&self) -> Vec<String> {
        let process = &self.shape;
        let place = format!("{}:{}", process.host, process.pid);
        let jobs = process.claimed.to_string();
        vec![process.id.clone(), process.name.clone(), place, process.phase.into(), jobs, self.ago.clone()]
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
