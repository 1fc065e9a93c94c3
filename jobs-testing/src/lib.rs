//! Tools for tests of programs that use `jobs`.
//!
//! [`TestJobs`] is for authors of jobs: it shows what was enqueued and performed, performs what waits, and
//! travels in time. [`store_contract!`] is for authors of stores: it tests every promise of
//! [`Store`](jobs_core::Store), one named test each.
//!
//! [`ManualClock`] and [`SeededEntropy`] give a test control of time and random bits; [`FaultyStore`] fails on demand;
//! [`PassThrough`] replaces single calls of a store; [`Recorder`] waits for events instead of for time. A test that
//! cannot run calls [`skip`]. [`plain`] has numbered jobs for a store's own tests.
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
pub use jobs_runtime::EnterGuard;
pub use kit::{Drain, DrainError, JobMatcher, Seen, TestJobs, TestJobsBuilder};
pub use pass_through::{PassThrough, PassThroughStore};
pub use recorder::Recorder;
pub use skipping::skip;
