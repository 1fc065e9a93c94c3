//! Failed jobs in groups: those of one job whose errors have the same class and the same message but for its variable parts.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::{Cursor, Error, ErrorRecord, JobId, JobRecord, Timestamp, json, message_pattern};

/// The namespace of these keys among the UUIDs that are made from names (RFC 9562, 5.5).
const NAMESPACE: Uuid = Uuid::from_u128(0x0d6f_52c3_7a1e_4f0a_9f6e_3b1d_84c0_65f7);

/// What jobs of one [group](FailureGroup) have in common, as 16 hexadecimal digits: made from the name of the job, and from
/// the class and the [pattern](message_pattern) of its last error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FailureKey(u64);

impl FailureKey {
    /// The key of a job with an error.
    pub fn of(job: &JobRecord) -> Option<Self> {
        let error = job.errors.last()?;
        Some(Self::new(&job.name, &error.class, &message_pattern(&error.message)))
    }

    fn new(name: &str, class: &str, pattern: &str) -> Self {
        let words = [name, class, pattern].join("\0");
        let (key, _) = Uuid::new_v5(&NAMESPACE, words.as_bytes()).as_u64_pair();
        Self(key)
    }
}

impl fmt::Display for FailureKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for FailureKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let is_key = text.len() == 16 && text.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let key = u64::from_str_radix(text, 16).ok().filter(|_| is_key);
        key.map(Self).ok_or_else(|| {
            Error::invalid(format!(
                "`{text}` is not the key of a group of failures, which is 16 hexadecimal digits: take one that the list of \
                 failures shows"
            ))
        })
    }
}

/// Jobs that failed in the same way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailureGroup {
    /// What selects these jobs: see [`Filter::failure`](crate::Filter::failure).
    pub key: FailureKey,
    /// The name of the job.
    pub job: String,
    /// The class of the last error.
    pub class: String,
    /// Its message without its [variable parts](message_pattern).
    pub pattern: String,
    /// How many jobs were read that are in the group.
    pub count: u64,
    /// When the first of them failed.
    pub first_at: Timestamp,
    /// When the last of them failed.
    pub last_at: Timestamp,
    /// The job that failed last.
    pub last_job: JobId,
}

/// The groups of the failed jobs that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failures {
    /// The groups, the largest first.
    pub groups: Vec<FailureGroup>,
    /// How many failed jobs were read.
    pub read: u64,
    /// The position after which there are more failed jobs, which were not read; `None` if all were read.
    pub next: Option<Cursor>,
}

impl Failures {
    /// The groups of some jobs, before others that begin after this position. A job without an error is left out.
    pub fn of<'a>(jobs: impl IntoIterator<Item = &'a JobRecord>, next: Option<Cursor>) -> Self {
        let mut grouping = FailureGrouping::default();
        grouping.add(jobs);
        grouping.finish(next)
    }
}

/// Groups failed jobs that are read in parts.
#[derive(Debug, Default)]
pub struct FailureGrouping {
    groups: HashMap<FailureKey, FailureGroup>,
    read: u64,
}

impl FailureGrouping {
    /// Adds the jobs that come next. A job without an error is in no group.
    pub fn add<'a>(&mut self, jobs: impl IntoIterator<Item = &'a JobRecord>) {
        for job in jobs {
            self.read += 1;
            let Some(error) = job.errors.last() else { continue };
            let pattern = message_pattern(&error.message);
            let key = FailureKey::new(&job.name, &error.class, &pattern);
            self.groups.entry(key).or_insert_with(|| FailureGroup::new(key, job, error, pattern)).add(job.id, error.at);
        }
    }

    /// How many jobs were added.
    pub const fn read(&self) -> u64 {
        self.read
    }

    /// The groups, and the position after which there are more jobs.
    pub fn finish(self, next: Option<Cursor>) -> Failures {
        let mut groups: Vec<FailureGroup> = self.groups.into_values().collect();
        groups.sort_by(|one, other| {
            let largest = other.count.cmp(&one.count);
            largest.then(other.last_at.cmp(&one.last_at)).then(one.key.cmp(&other.key))
        });
        Failures { groups, read: self.read, next }
    }
}

impl FailureGroup {
    fn new(key: FailureKey, job: &JobRecord, error: &ErrorRecord, pattern: String) -> Self {
        Self {
            key,
            job: job.name.clone(),
            class: error.class.clone(),
            pattern,
            count: 0,
            first_at: error.at,
            last_at: error.at,
            last_job: job.id,
        }
    }

    fn add(&mut self, job: JobId, at: Timestamp) {
        self.count += 1;
        self.first_at = self.first_at.min(at);
        if at > self.last_at {
            (self.last_at, self.last_job) = (at, job);
        }
    }
}

impl From<&FailureGroup> for json::FailureGroup {
    fn from(group: &FailureGroup) -> Self {
        Self {
            failure: group.key.to_string(),
            job: group.job.clone(),
            class: group.class.clone(),
            message: group.pattern.clone(),
            count: group.count,
            first_at: group.first_at.to_string(),
            last_at: group.last_at.to_string(),
            last_job: group.last_job.to_string(),
        }
    }
}
