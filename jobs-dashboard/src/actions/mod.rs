//! What users can do to jobs, queues, processes and recurring tasks, for pages and API alike.

pub(crate) mod audit;
pub(crate) mod cancel;
pub(crate) mod job_action;
pub(crate) mod jobs;
pub(crate) mod processes;
pub(crate) mod queues;
pub(crate) mod recurring;
pub(crate) mod task_runner;
