//! What tests of [`jobs`](https://docs.rs/jobs) stand on.
//!
//! [`TestJobs`] is for those who write jobs: it tells what was enqueued and performed, performs what waits, and
//! travels in time. [`store_contract!`] is for those who write a store: it holds one to every promise of
//! [`Store`](jobs_core::Store), one named test each.
//!
//! [`ManualClock`] and [`SeededEntropy`] take time and chance into the test's own hands; [`FaultyStore`]
//! fails on demand; [`Recorder`] waits for events instead of for time. A test that cannot run where it is calls [`skip`].
//! [`plain`] has jobs by number for the tests of a store that are its own.
#![allow(clippy::panic, reason = "this crate is only linked into tests, where a panic is the message")]

mod clock;
pub mod contract;
mod entropy;
mod faulty;
mod kit;
mod pass_through;
pub mod plain;
mod recorder;
mod skipping;
mod suite;

pub use clock::ManualClock;
pub use entropy::SeededEntropy;
pub use faulty::FaultyStore;
pub use jobs_runtime::Entered;
pub use kit::{Drain, DrainError, JobMatcher, Seen, TestJobs, TestJobsBuilder};
pub use pass_through::{PassThrough, PassThroughStore};
pub use recorder::Recorder;
pub use skipping::skip;
