//! Stores new jobs, unless a unique key says that a job is a duplicate.

pub(crate) mod insert;
pub(crate) mod unique_keys;
