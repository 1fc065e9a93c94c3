//! The calls of workers and of their maintenance: dispatch, claim, settle, heartbeat, recover.

pub(crate) mod claim;
mod claimable;
pub(crate) mod dispatch;
mod open_changes;
pub(crate) mod open_queues;
pub(crate) mod paused_queues;
pub(crate) mod processes;
mod ready_jobs;
pub(crate) mod recover;
mod row_ranges;
pub(crate) mod settle;
