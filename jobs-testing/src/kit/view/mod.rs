//! `TestJobs`, its builder, and the jobs that a view shows.

mod builder;
mod clear;
pub(crate) mod filter;
mod lists;
pub(crate) mod seen;
mod test_jobs;

pub use builder::TestJobsBuilder;
pub use seen::Seen;
pub use test_jobs::TestJobs;
