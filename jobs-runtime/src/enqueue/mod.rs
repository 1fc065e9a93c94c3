//! Enqueuing: options, callbacks, and where a job is stored.

pub(crate) mod after_commit;
pub(crate) mod blocking_bridge;
pub(crate) mod bulk;
pub(crate) mod destination;
pub(crate) mod options;
pub(crate) mod perform_later;
pub(crate) mod queue_naming;
pub(crate) mod store_step;
pub(crate) mod transaction;
