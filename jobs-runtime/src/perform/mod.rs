//! Performing one job: callbacks, failure handling, and what is stored of the result.

pub(crate) mod blocking;
pub(crate) mod cancel_requests;
pub(crate) mod claim_performer;
pub(crate) mod failure_handling;
pub(crate) mod inline_store;
pub(crate) mod job_set;
pub(crate) mod perform_execution;
pub(crate) mod perform_now;
pub(crate) mod recent_runs;
pub(crate) mod retry_storage;
pub(crate) mod run_once;
pub(crate) mod run_watch;
pub(crate) mod slow_jobs;
