//! Stores new jobs: in groups of concurrent callers, by `COPY` if there are many, and without duplicates of unique
//! keys.

pub(crate) mod batcher;
pub(crate) mod copy;
pub(crate) mod insert;
pub(crate) mod new_jobs;
pub(crate) mod unique_keys;
