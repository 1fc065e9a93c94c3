//! `TestJobs`: what was enqueued and performed in one test.
//!
//! The adapters `inline:` and `test:` of Active Job are in two places here. `test:` is in this crate, since it is of use
//! in tests alone: whoever links the crate can name it, in `JOBS_URL` too. `inline:` is in the runtime, since it serves
//! development as well, and takes nothing that a program does not have anyway.

mod assertions;
mod bench;
mod block;
mod builder;
mod chosen;
mod clearing;
mod drain;
mod error;
mod held;
mod lists;
mod messages;
mod notes;
mod seen;
mod store;
mod test_jobs;
mod url;
mod wanted;
mod within;

pub use builder::TestJobsBuilder;
pub use drain::Drain;
pub use error::DrainError;
pub use seen::Seen;
pub use test_jobs::TestJobs;
pub use wanted::Wanted;
