//! What only we know of a job, under one key of the serialized job. Solid Queue keeps it; Active Job drops it when Ruby
//! enqueues the job again.

use jobs_core::ErrorRecord;
use serde::{Deserialize, Serialize};

/// The key in the serialized job.
pub(crate) const KEY: &str = "jobs_rs";

/// What only we know of a job. Fields that have their default are left out. Times are microseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RustFields {
    /// See [`Arguments::names`](super::arguments::Arguments::names).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) names: Option<Vec<String>>,
    /// See [`Arguments::text`](super::arguments::Arguments::text).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u32>,
    /// The `meta`, if the serialized job does not say all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<String>,
    /// When the store received it, if the row is a later one of the same job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) batch_id: Option<String>,
    /// How many processes died while they ran it.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) crashes: u32,
    /// How many attempts there were before a person retried it, which sets `executions` to 0.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) attempts: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<ErrorRecord>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
