//! A job on its way into a store.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Error, JobId, Timestamp, UniqueKey};

/// When a job may run first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Due {
    /// At once.
    #[default]
    Now,
    /// This long after the store takes it, by the store's clock.
    In(Duration),
    /// Not before this point, by the store's clock. A past point means at once.
    At(Timestamp),
}

impl Due {
    /// The point at which a job that a store takes at `now` is due.
    pub fn at(self, now: Timestamp) -> Timestamp {
        match self {
            Self::Now => now,
            Self::In(wait) => now.after(wait),
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
    /// The name its definition is found by.
    pub name: String,
    /// The queue, checked and with its prefix.
    pub queue: String,
    /// Higher numbers run first; 0 is the default.
    pub priority: i32,
    /// When it may run first.
    pub due: Due,
    /// The arguments as JSON text. No store looks into it.
    pub arguments: String,
    /// The version of the arguments' form.
    pub version: u32,
    /// What travels with the job besides its arguments, as JSON text; see [`Meta`]. No store looks into it.
    pub meta: Option<String>,
    /// What makes it the same as others, if it is to be there once at a time.
    pub unique_key: Option<UniqueKey>,
    /// Room for concurrency limits: kept and shown, not yet acted on.
    pub concurrency_key: Option<String>,
    /// Room for batches: kept and shown, not yet acted on.
    pub batch_id: Option<String>,
    /// Room for expiry: kept and shown, not yet acted on.
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

/// The store's answer for one job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enqueued {
    /// It is stored under this id.
    New(JobId),
    /// A job of the same unique key is there already; nothing was stored.
    Duplicate {
        /// The one that is there.
        of: JobId,
    },
    /// A callback refused it; nothing was stored.
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

/// What travels with a job besides its arguments. Unknown keys are kept and written back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Meta {
    /// How often each `retry_on` declaration has counted an error of this job
    /// (Active Job's `exception_executions`).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub exception_executions: BTreeMap<String, u32>,
    /// The W3C trace context of the enqueuer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    /// What was in force where the job was enqueued, by [`Carried::KEY`](crate::Carried::KEY): an object. Anything else
    /// is kept and read as nothing.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub carried: Value,
    /// The tick of a recurring task that the job was enqueued for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tick: Option<Timestamp>,
    /// Free words for search.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub unknown: BTreeMap<String, Value>,
}

impl Meta {
    /// Reads the stored text; nothing stored is an empty [`Meta`].
    ///
    /// # Errors
    /// The text is not a JSON object of this form; the error [is corrupt](Error::is_corrupt).
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let Some(text) = text else { return Ok(Self::default()) };
        serde_json::from_str(text)
            .map_err(|cause| Error::corrupt("the `meta` of the job is not what was written").with_source(cause))
    }

    /// The text to store; `None` if there is nothing to say.
    pub fn to_text(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        // Maps with string keys and plain values always serialise.
        serde_json::to_string(self).ok()
    }
}
