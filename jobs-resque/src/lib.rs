//! The texts and keys of Resque and its plugins: jobs, failures, delayed jobs and workers, both read and written.
//!
//! It is what a store on the Redis of a Resque fleet is made of; the store itself is not part of it yet.
//!
//! - [`Payload`] is a job in a queue, also one of Active Job; [`DelayedJob`] is one of resque-scheduler that waits.
//! - [`FailureRecord`] is an entry of the list `failed`, as Resque's pages show it.
//! - [`WorkerId`] and [`RunningJob`] are a registered worker and what it performs.
//! - [`Keys`] are the names of the keys in Redis.
//! - [`ResqueRedis`] enqueues, schedules, claims and settles jobs, registers workers, and moves due jobs while no scheduler of
//!   Ruby does. All else is pure: no input, no output.
//!
//! The forms are those that Resque 2.7 and 3.0 with resque-scheduler 5.0 wrote in the samples of the tests.
//!
//! ```
//! use jobs_resque::{Keys, Payload};
//!
//! let payload = Payload::parse(r#"{"class":"Charge","args":[42]}"#)?;
//! assert_eq!((payload.name().as_str(), payload.arguments().as_str()), ("Charge", "[42]"));
//! assert_eq!(Keys::default().queue("default"), "resque:queue:default");
//! # Ok::<(), jobs_core::Error>(())
//! ```

mod arguments;
mod delayed;
mod failure;
mod keys;
mod payload;
mod redis;
mod running;
mod times;
mod worker_id;

pub use delayed::DelayedJob;
pub use failure::FailureRecord;
pub use keys::Keys;
pub use payload::{Payload, WRAPPER};
pub use redis::{ClaimedJob, ResqueRedis, RunOutcome};
pub use running::RunningJob;
pub use times::{heartbeat_text, read_time, started_text};
pub use worker_id::WorkerId;
