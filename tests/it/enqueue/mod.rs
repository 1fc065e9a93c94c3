//! Enqueuing: one job, many jobs, later, unique, with callbacks, in a transaction, and which client is used.

mod after_commit;
mod around_callbacks;
mod borrowing_bulks;
mod bulk;
mod callbacks;
mod complete_in_transaction;
mod current_client;
mod one_job;
mod queues;
mod remote;
mod scheduling;
mod transaction;
mod unique;
