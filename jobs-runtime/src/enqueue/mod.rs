//! Enqueuing: options, callbacks, and where a job is stored.

pub(crate) mod after_commit;
pub(crate) mod any_job;
pub(crate) mod blocking_bridge;
pub(crate) mod bulk;
pub(crate) mod bulk_progress;
pub(crate) mod depth;
pub(crate) mod destination;
pub(crate) mod draft;
pub(crate) mod options;
pub(crate) mod partial_enqueue;
pub(crate) mod perform_later;
pub(crate) mod pipeline;
pub(crate) mod queue_naming;
pub(crate) mod reporting;
pub(crate) mod store_step;
pub(crate) mod storing;
