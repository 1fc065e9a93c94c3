//! The store of `jobs` on the Redis of a Resque fleet: Ruby enqueues and Rust performs, and the other way round.
//!
//! ```no_run
//! # async fn open() -> Result<(), jobs_core::Error> {
//! use jobs_resque::ResqueOptions;
//!
//! let store = ResqueOptions::from_url("resque+redis://127.0.0.1:6379/0?namespace=shop")?.connect().await?;
//! # Ok(())
//! # }
//! ```
//!
//! **What is where.** Jobs are texts in Resque's lists and in the three keys of resque-scheduler, and failures are records of
//! Resque. Each slot of a process is a worker of Resque ([`WorkerId`]). What only we know of a job is under a third key of its
//! text, `jobs_rs`; while it waits in the schedule, where Ruby finds a job by its text, that lies beside it. What only we need
//! besides is under keys that begin with `jobs_rs:`.
//!
//! **How it is safe.** A claim takes the text from its queue and writes what the worker performs, `worker:<id>`, in one script.
//! A settlement removes that first, and does nothing if it is not this very run. A process that is silent loses its jobs to
//! the left ends of their queues, before a worker of Ruby makes failures of them.
//!
//! **What it cannot keep** of the contract of stores is said by its `Guarantees`: an enqueue that is repeated may store a job
//! twice, priorities have no effect, finished jobs are removed, jobs cannot be unique, and an attempt counts when it fails.
//!
//! The texts themselves can be read and written without the store, by types that are pure:
//!
//! - [`Payload`] is a job in a queue, also one of Active Job; [`DelayedJob`] is one of resque-scheduler that waits.
//! - [`FailureRecord`] is an entry of the list `failed`, as Resque's pages show it.
//! - [`WorkerId`] and [`RunningJob`] are a registered worker and what it performs.
//! - [`Keys`] are the names of the keys in Redis.
//!
//! ```
//! use jobs_resque::{Keys, Payload};
//!
//! let payload = Payload::parse(r#"{"class":"Charge","args":[42]}"#)?;
//! assert_eq!((payload.name().as_str(), payload.arguments().as_str()), ("Charge", "[42]"));
//! assert_eq!(Keys::default().queue("default"), "resque:queue:default");
//! # Ok::<(), jobs_core::Error>(())
//! ```

mod delayed;
mod failure;
mod keys;
mod payload;
mod running;
mod times;
mod worker_id;

mod options;
mod scripts;
mod url;

mod store;
mod work;

mod adapter;
mod inspect;
mod manage;
mod process_orders;
mod recurring;

pub use delayed::DelayedJob;
pub use failure::FailureRecord;
pub use jobs_active_job::Rails;
pub use keys::Keys;
pub use options::ResqueOptions;
pub use payload::{Payload, WRAPPER};
pub use running::RunningJob;
pub use store::ResqueStore;
pub use times::{heartbeat_text, read_time, started_text};
pub use worker_id::WorkerId;
