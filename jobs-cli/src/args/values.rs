//! Parsers of single values: durations, times, ids.

use std::time::Duration;

use chrono::DateTime;
use jobs::store::{Cursor, FailureKey, ProcessId};
use jobs::{JobId, Timestamp};

/// Parses a text that is not empty. An unset variable of a shell gives an empty one, which must not count as no condition.
pub(crate) fn non_empty(text: &str) -> Result<String, String> {
    if text.trim().is_empty() {
        return Err("it is empty; give it a value (is a variable of the shell not set?), or leave it out".to_owned());
    }
    Ok(text.to_owned())
}

/// A point in time, written as such or as a duration before now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TimeArg {
    At(Timestamp),
    Ago(Duration),
}

impl TimeArg {
    /// Parses `2h` or `2026-01-31T08:00:00Z`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let ago = duration(text).map(Self::Ago);
        ago.or_else(|_| timestamp(text).map(Self::At)).map_err(|_| {
            format!("`{text}` is not a valid time; write `2h` for two hours ago, or `2026-01-31T08:00:00Z`")
        })
    }

    /// The point in time, relative to `now`.
    pub(crate) fn resolve(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::Ago(duration) => now - duration,
        }
    }
}

/// Parses `500ms`, `30s`, `1h30m` or `2d`.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    jobs::config::parse_duration(text).map_err(|error| error.to_string())
}

/// Parses a duration; a plain number is seconds, as in Sidekiq's `-t 8`.
pub(crate) fn duration_or_seconds(text: &str) -> Result<Duration, String> {
    text.parse().map(Duration::from_secs).or_else(|_| duration(text))
}

/// Parses a number of things of which there must be one.
pub(crate) fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|count| *count > 0).ok_or_else(|| format!("`{text}` is not a number from 1 on"))
}

/// Checks that a text is a JSON object or list, as the arguments of a job are.
pub(crate) fn json_text(text: &str) -> Result<String, String> {
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(serde_json::Value::Object(_) | serde_json::Value::Array(_)) => Ok(text.to_owned()),
        Ok(_) => Err(r#"arguments are a JSON object, such as `{"id":7}`, or a list"#.to_owned()),
        Err(error) => Err(format!("this is not JSON: {error}")),
    }
}

/// Parses the key of a group of failures.
pub(crate) fn failure_key(text: &str) -> Result<FailureKey, String> {
    text.parse().map_err(|error: jobs::Error| error.to_string())
}

/// Parses `2026-01-31T08:00:00Z`.
pub(crate) fn timestamp(text: &str) -> Result<Timestamp, String> {
    let time = DateTime::parse_from_rfc3339(text);
    time.map(Timestamp::from).map_err(|_| format!("`{text}` is not a valid time; write it as `2026-01-31T08:00:00Z`"))
}

/// Parses the latency limit of one queue, such as `mail=30s`.
pub(crate) fn queue_latency(text: &str) -> Result<(String, Duration), String> {
    let invalid = || format!("`{text}` is not a valid limit for a queue; write it as `mail=30s`");
    let (queue, limit) = text.rsplit_once('=').filter(|(queue, _)| !queue.trim().is_empty()).ok_or_else(invalid)?;
    Ok((queue.to_owned(), duration(limit)?))
}

/// Parses the id of a job.
pub(crate) fn job_id(text: &str) -> Result<JobId, String> {
    text.parse().map_err(|error: jobs::Error| error.to_string())
}

/// Parses a position in a list of jobs.
pub(crate) fn cursor(text: &str) -> Result<Cursor, String> {
    text.parse().map_err(|error: jobs::Error| error.to_string())
}

/// Parses the id of a process.
pub(crate) fn process_id(text: &str) -> Result<ProcessId, String> {
    ProcessId::try_from(text.to_owned()).map_err(|error| format!("{error}; `jobsctl processes` lists them"))
}
