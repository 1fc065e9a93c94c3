//! `TestJobs`: what was enqueued and performed in one test.
//!
//! Active Job's adapters `inline:` and `test:` are in two crates. `test:` is in this one, since only tests need it: a
//! program that links the crate can name it, in `JOBS_URL` too. `inline:` is in the runtime, since it also serves
//! development and needs nothing more than a program has.

mod assert;
mod perform;
mod store;
mod view;

pub use assert::JobMatcher;
pub use perform::{Drain, DrainError};
pub use view::{Seen, TestJobs, TestJobsBuilder};
