//! `TestJobs`: what was enqueued and performed in one test.
//!
//! The adapters `inline:` and `test:` of Active Job are in two places here. `test:` is in this crate, since it is of use
//! in tests alone: a program that links the crate can name it, in `JOBS_URL` too. `inline:` is in the runtime, since it serves
//! development as well, and takes nothing that a program does not have anyway.

mod assert;
mod perform;
mod store;
mod view;

pub use assert::JobMatcher;
pub use perform::{Drain, DrainError};
pub use view::{Seen, TestJobs, TestJobsBuilder};
