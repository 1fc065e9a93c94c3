//! Workers: claim jobs, perform them, settle them.

pub(crate) mod claim_planner;
pub(crate) mod config;
pub(crate) mod coordinator;
pub(crate) mod crash_quarantine;
pub(crate) mod executor;
pub(crate) mod prefetch;
pub(crate) mod queue_group;
pub(crate) mod refused_settlements;
pub(crate) mod rotation;
pub(crate) mod run_queue;
pub(crate) mod selection;
pub(crate) mod settle_loop;
