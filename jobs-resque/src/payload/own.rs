//! What only we know of a job, under one key of the payload.

use jobs_core::{ErrorRecord, JobId};
use serde::{Deserialize, Serialize};

/// The key of the payload. Workers of Ruby keep it. "Retry" on Resque's pages and resque-scheduler create the job again without it.
pub(crate) const KEY: &str = "jobs_rs";

/// What only we know of a job. Fields that have their default are left out. Times are microseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Own {
    /// The id, if Rust enqueued the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<JobId>,
    /// See [`PlainArguments::names`](jobs_active_job::PlainArguments::names).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) names: Option<Vec<String>>,
    /// See [`PlainArguments::text`](jobs_active_job::PlainArguments::text).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) priority: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<String>,
    /// When the store received it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<i64>,
    /// When it is or was due.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) due: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) concurrency_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) batch_id: Option<String>,
    /// How many attempts have failed.
    #[serde(skip_serializing_if = "is_default")]
    pub(crate) failures: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<ErrorRecord>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
