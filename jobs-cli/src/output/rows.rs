//! What is printed about jobs, queues and processes: JSON objects, and rows of tables.

use std::time::Duration;

use jobs::Timestamp;
use jobs::json::{Job, Process, Queue, WholeJob};
use jobs::store::{JobKind, JobRecord, ProcessRecord};
use jobs_core::{counted, short_class};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::output::table::{Row, one_line};
use crate::output::time::{format_duration, relative_time};

/// A value with the age that its row shows.
#[derive(Debug, Serialize)]
pub(crate) struct WithAge<T> {
    #[serde(flatten)]
    value: T,
    #[serde(skip)]
    age: String,
}

impl<T> WithAge<T> {
    pub(crate) fn new(value: impl Into<T>, at: Timestamp, now: Timestamp) -> Self {
        Self { value: value.into(), age: relative_time(now, at) }
    }
}

impl WithAge<Job> {
    /// The job as one line without a table.
    pub(crate) fn words(&self) -> String {
        let Job { id, name, queue, state, error, .. } = &self.value;
        let error = error.as_ref().map(|error| format!("  {}", one_line_error(&error.class, &error.message)));
        one_line(&format!("{id}  {name}  {queue}  {state}{}", error.unwrap_or_default()))
    }
}

impl Row for WithAge<Job> {
    const HEAD: &'static [&'static str] = &["ID", "JOB", "QUEUE", "STATE", "ENQUEUED", "LAST ERROR"];
    const WHOLE: &'static [usize] = &[0, 3, 4];
    const LEFT_OUT: &'static [usize] = &[5, 2];

    fn cells(&self) -> Vec<String> {
        let job = &self.value;
        let error = job.error.as_ref().map(|error| one_line_error(&error.class, &error.message)).unwrap_or_default();
        let state = format!("{} ({})", job.state, job.attempts);
        vec![job.id.clone(), job.name.clone(), job.queue.clone(), state, self.age.clone(), error]
    }
}

/// One job with its arguments as they are stored.
#[derive(Debug, Serialize)]
pub(crate) struct JobWithArguments<'a> {
    #[serde(flatten)]
    pub(crate) details: WholeJob,
    /// Null if they must not be shown, or are not JSON.
    arguments: Option<&'a RawValue>,
}

impl<'a> JobWithArguments<'a> {
    pub(crate) fn new(job: &'a JobRecord, redacted: Option<String>, with_arguments: bool) -> Self {
        let raw = with_arguments.then(|| serde_json::from_str(&job.arguments).ok()).flatten();
        let shown = if with_arguments { Some(job.arguments.clone()) } else { redacted };
        Self { details: WholeJob::new(job, shown), arguments: raw }
    }
}

impl Row for Queue {
    const HEAD: &'static [&'static str] =
        &["QUEUE", "READY", "LATENCY", "SCHEDULED", "BLOCKED", "CLAIMED", "FAILED", ""];
    const WHOLE: &'static [usize] = &[0, 1, 2, 3, 4, 5, 6, 7];
    const LEFT_OUT: &'static [usize] = &[4];

    fn cells(&self) -> Vec<String> {
        let paused = if self.paused { "paused" } else { "" };
        let latency = Duration::try_from_secs_f64(self.latency_seconds).unwrap_or_default();
        let counts = [self.scheduled, self.blocked, self.claimed, self.failed];
        let counts = counts.map(|count| count.map_or_else(|| "-".to_owned(), |count| count.to_string()));
        let mut cells = vec![self.name.clone(), self.ready.to_string(), format_duration(latency)];
        cells.extend(counts);
        cells.push(paused.into());
        cells
    }
}

/// A process with the ages that its row shows.
#[derive(Debug, Serialize)]
pub(crate) struct ProcessRow {
    #[serde(flatten)]
    process: Process,
    #[serde(skip)]
    jobs: String,
    #[serde(skip)]
    last_seen: String,
    /// For how long the first of its jobs has run.
    #[serde(skip)]
    runs_for: String,
}

impl ProcessRow {
    pub(crate) fn new(record: &ProcessRecord, now: Timestamp) -> Self {
        let runs_for = record.oldest_claim.map(|since| format_duration(now.duration_since(since)));
        Self {
            process: record.into(),
            jobs: jobs_held(record),
            last_seen: relative_time(now, record.heartbeat_at),
            runs_for: runs_for.unwrap_or_default(),
        }
    }
}

/// How many of its slots are busy, or how many jobs it holds if it does not say its slots.
pub(crate) fn jobs_held(record: &ProcessRecord) -> String {
    match record.slots() {
        Some((busy, slots)) => format!("{busy} of {slots}"),
        None => record.claimed.to_string(),
    }
}

impl Row for ProcessRow {
    const HEAD: &'static [&'static str] =
        &["PROCESS", "NAME", "HOST:PID", "PHASE", "JOBS", "LAST SEEN", "RUNS FOR", "VERSION", "QUEUES"];
    const WHOLE: &'static [usize] = &[0, 3, 4, 5, 6];
    const LEFT_OUT: &'static [usize] = &[8, 7, 6, 1];

    fn cells(&self) -> Vec<String> {
        let process = &self.process;
        let version = process.version.clone().unwrap_or_default();
        vec![
            process.id.clone(),
            process.name.clone(),
            format!("{}:{}", process.host, process.pid),
            process.phase.into(),
            self.jobs.clone(),
            self.last_seen.clone(),
            self.runs_for.clone(),
            version,
            process.queues.join(", "),
        ]
    }
}

/// How many jobs a command changed, or would change.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ChangeCount {
    /// The number of jobs that match.
    pub(crate) matched: u64,
    /// The number of jobs that were changed.
    pub(crate) changed: u64,
    /// Whether more jobs may match, which were not counted.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) at_least: bool,
    /// How many jobs were read, of which the kinds tell; `None` if jobs were changed without a count before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) read: Option<u64>,
    /// Whether the jobs were only counted.
    pub(crate) dry_run: bool,
    /// How many of the jobs that were read have which name and error, the most frequent first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) kinds: Vec<KindCount>,
    /// The ids of a few of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) sample: Vec<String>,
    /// Why jobs were not changed, for a few of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) unchanged: Vec<UnchangedJob>,
}

/// How many jobs have this name and this class of their last error.
#[derive(Debug, Serialize)]
pub(crate) struct KindCount {
    job: String,
    class: Option<String>,
    count: u64,
}

impl From<&JobKind> for KindCount {
    fn from(kind: &JobKind) -> Self {
        Self { job: kind.job.clone(), class: kind.class.clone(), count: kind.count }
    }
}

/// The time was up before a job was found that matches.
const NONE_SO_FAR: &str =
    "no job matches among those read so far; add `--yes` to go through all of them, or `--dry-run` to count them";

impl ChangeCount {
    /// The question before a change, with what it would be about.
    pub(crate) fn question(&self, done: &str) -> String {
        match (self.matched, self.at_least) {
            (0, false) => return "no job matches".to_owned(),
            (0, true) => return NONE_SO_FAR.to_owned(),
            _ => {}
        }
        let (least, exact) =
            if self.at_least { ("at least ", ", or `--dry-run` to count all of them") } else { ("", "") };
        let jobs = counted(self.matched, "job");
        let question = format!("{least}{jobs} would be {done}; add `--yes` to do it{exact}");
        let kind = |KindCount { job, class, count }: &KindCount| {
            let class = class.as_deref().map(|class| format!(", {}", short_class(class))).unwrap_or_default();
            one_line(&format!("  {count} {job}{class}"))
        };
        let told: u64 = self.kinds.iter().map(|kind| kind.count).sum();
        let rest = self.matched.saturating_sub(told);
        let rest = (rest > 0).then(|| match rest {
            1 => "  1 other, which was not read or is of another kind".to_owned(),
            _ => format!("  {rest} others, which were not read or are of other kinds"),
        });
        let sample = (!self.sample.is_empty()).then(|| format!("  for example {}", self.sample.join(", ")));
        let kinds = self.kinds.iter().map(kind);
        [question].into_iter().chain(kinds).chain(rest).chain(sample).collect::<Vec<_>>().join("\n")
    }
}

/// A job that a command did not change, and the reason.
#[derive(Debug, Serialize)]
pub(crate) struct UnchangedJob {
    pub(crate) id: String,
    pub(crate) why: String,
}

/// An error in a list: its class without inner modules, and its message, cut.
pub(crate) fn one_line_error(class: &str, message: &str) -> String {
    shortened(&format!("{}: {message}", short_class(class)))
}

fn shortened(text: &str) -> String {
    const MAX_CHARACTERS: usize = 80;
    match text.char_indices().nth(MAX_CHARACTERS) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_job_matches_only_if_all_were_read() {
        let question =
            |matched, at_least| ChangeCount { matched, at_least, ..ChangeCount::default() }.question("retried");
        assert_eq!(question(0, false), "no job matches");
        let so_far = question(0, true);
        assert!(so_far.contains("among those read so far") && so_far.contains("`--yes`"), "{so_far}");
        assert!(question(2, true).starts_with("at least 2 jobs would be retried"));
    }
}
