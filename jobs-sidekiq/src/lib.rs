//! The store of `jobs` on the Redis of a Sidekiq fleet: Ruby enqueues and Rust performs, and the other way round.
//!
//! ```no_run
//! # async fn open() -> Result<(), jobs_core::Error> {
//! use jobs_sidekiq::SidekiqOptions;
//!
//! let by_url = SidekiqOptions::from_url("sidekiq+redis://127.0.0.1:6379/0")?.connect().await?;
//! let of_a_fleet = SidekiqOptions::from_url("sidekiq+redis://redis.internal/2")?.ruby_names().connect().await?;
//! # Ok(())
//! # }
//! ```
//!
//! **What is where.** Jobs are texts in Sidekiq's own lists and sorted sets, in the form that Sidekiq reads and shows. What only
//! we know of a job is under one key of its text, `jobs_rs`, which Ruby keeps. What only we need beside the jobs is under keys
//! that begin with `jobs_rs:`.
//!
//! **How it is safe.** A claim moves the text into a hash of ours, in the script that takes it from its queue. A settlement
//! removes it from there first, and does nothing if it is gone. So a job is never in the hands of two processes, and a killed
//! process loses none: another one puts its jobs back.
//!
//! **What it cannot keep** of the contract of stores is said by its `Guarantees`: an enqueue that is repeated may store a job
//! twice, priorities have no effect, finished jobs are removed, jobs cannot be unique, and an attempt counts when it fails.

mod keys;
mod payload;
mod scripts;

mod options;
mod url;

mod store;
mod work;

mod adapter;
mod inspect;
mod manage;
mod metrics;
mod process_orders;
mod recurring;
mod ruby_cron;

pub use jobs_active_job::Rails;
pub use options::SidekiqOptions;
pub use payload::TimeUnit;
pub use store::SidekiqStore;
