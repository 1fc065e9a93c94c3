//! A job that is handed to a store, its metadata, and the store's answer.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Error, JobId, Timestamp, UniqueKey};

/// When a job may run first. Exhaustive: a store that ignored a variant would run jobs at the wrong time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// Immediately.
    #[default]
    Now,
    /// This long after the store receives it, by the store's clock.
    In(Duration),
    /// Not before this point, by the store's clock. A past point means immediately.
    At(Timestamp),
}

impl Due {
    /// The point at which a job is due that a store receives at `now`.
    pub fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Now => now,
            Self::In(wait) => now + wait,
            Self::At(point) => point,
        }
    }
}

/// When a job expires that has not begun by then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expires {
    /// This long after it was first due.
    In(Duration),
    /// At this point in time.
    At(Timestamp),
}

impl Expires {
    /// The point in time for a job that is due at `due`.
    pub fn at(self, due: Timestamp) -> Timestamp {
        match self {
            Self::In(time) => due + time,
            Self::At(point) => point,
        }
    }
}

/// A job as it is handed to [`Store::enqueue`](crate::Store::enqueue).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct NewJob {
    /// Its identity, chosen by the caller.
    pub id: JobId,
    /// The name of its definition.
    pub name: String,
    /// The queue, checked and with its prefix.
    pub queue: String,
    /// Higher numbers run first; 0 is the default.
    pub priority: i32,
    /// When it may run first.
    pub due: Due,
    /// The arguments as JSON text. Stores do not interpret them.
    pub arguments: String,
    /// The version of the arguments.
    pub version: u32,
    /// The job's metadata as JSON text; see [`Meta`]. Stores do not interpret it.
    pub meta: Option<String>,
    /// What makes it the same as others, if it is unique.
    pub unique_key: Option<UniqueKey>,
    /// For concurrency limits: stored and displayed, not yet used.
    pub concurrency_key: Option<String>,
    /// For batches: stored and displayed, not yet used.
    pub batch_id: Option<String>,
    /// If it has not begun by then, it is discarded instead.
    pub expires_at: Option<Timestamp>,
}

impl NewJob {
    /// A job of this name with these arguments (JSON text): default queue, priority 0, due now, version 1.
    pub fn new(id: JobId, name: impl Into<String>, arguments: impl Into<String>) -> Self {
        Self {
            id,
            name: name.into(),
            queue: crate::queue::DEFAULT_QUEUE.to_owned(),
            priority: 0,
            due: Due::Now,
            arguments: arguments.into(),
            version: 1,
            meta: None,
            unique_key: None,
            concurrency_key: None,
            batch_id: None,
            expires_at: None,
        }
    }
}

/// The store's answer for one job. Exhaustive: a caller has to react to each answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is stored under this id.
    New(JobId),
    /// A job with the same unique key exists already; nothing was stored.
    Duplicate {
        /// The existing job.
        of: JobId,
    },
    /// A callback halted the enqueue; nothing was stored.
    Halted,
}

impl Enqueued {
    /// The id of the job that is stored: the new one, or the one it duplicates. `None` if it was halted.
    pub const fn id(&self) -> Option<JobId> {
        match self {
            Self::New(id) | Self::Duplicate { of: id } => Some(*id),
            Self::Halted => None,
        }
    }
}

/// What is stored with a job besides its arguments. Unknown keys are kept and written back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Meta {
    /// How often each `retry_on` declaration has counted an error of this job
    /// (Active Job's `exception_executions`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exception_executions: BTreeMap<String, u32>,
    /// The W3C trace context of the code that enqueued the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// The values that were propagated from where the job was enqueued, by [`Propagated::KEY`](crate::Propagated::KEY): an
    /// object. A value of another type is kept and not read.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub carried: Value,
    /// The tick of a recurring task that the job was enqueued for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick: Option<Timestamp>,
    /// How often the job put itself off with [`Context::snooze`](crate::Context::snooze).
    #[serde(default, skip_serializing_if = "is_zero")]
    pub snoozes: u32,
    /// Free texts for search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, Value>,
}

/// The form that serde asks for takes a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Meta {
    /// Reads the stored text; `None` gives an empty [`Meta`].
    ///
    /// # Errors
    /// The text is not a JSON object of this form; the error [is corrupt](Error::is_corrupt).
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let Some(text) = text else { return Ok(Self::default()) };
        serde_json::from_str(text)
            .map_err(|cause| Error::corrupt("the `meta` of the job is not what was written").with_source(cause))
    }

    /// The text to store; `None` if it is empty.
    pub fn to_text(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        // Maps with string keys and plain values can always be written as JSON.
        serde_json::to_string(self).ok()
    }
}
