//! Performing one job: guard, callbacks, failure handling.

pub(crate) mod blocking;
pub(crate) mod cancel_requests;
pub(crate) mod failure_handling;
pub(crate) mod guard;
pub(crate) mod inline_store;
pub(crate) mod job_set;
pub(crate) mod perform_execution;
pub(crate) mod perform_now;
