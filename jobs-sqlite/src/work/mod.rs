//! The calls of workers and of their maintenance: dispatch, claim, settle, heartbeat, recover.

pub(crate) mod claim;
pub(crate) mod dispatch;
pub(crate) mod processes;
mod ready_jobs;
pub(crate) mod recover;
mod row_ranges;
pub(crate) mod settle;
