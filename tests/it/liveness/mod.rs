//! Processes that were suspended or died, and their jobs.

mod recovered_jobs;
mod woken;
