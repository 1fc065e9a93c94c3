//! The store of `jobs` on Delayed Job's table: Ruby enqueues and Rust performs, and the other way round. With what the rows of
//! that table say, and rows as Ruby writes them.
//!
//! ```no_run
//! # async fn open() -> Result<(), jobs_core::Error> {
//! use jobs_delayed_job::DelayedJobOptions;
//!
//! let by_url = DelayedJobOptions::from_url("delayed_job+postgres://shop@127.0.0.1/shop")?.connect().await?;
//! let with_ruby_names = DelayedJobOptions::new("sqlite:storage/production.sqlite3").ruby_names().connect().await?;
//! # Ok(())
//! # }
//! ```
//!
//! **What is where.** A job is a row of the table `delayed_jobs`, as Ruby writes and reads it. What only we know of a job is a comment
//! at the end of its handler, which YAML leaves out of account. Processes, paused
//! queues and requests to cancel have three small tables of their own.
//!
//! **How it is safe.** A claim writes a name into `locked_by` that no other claim has, and a settlement changes a row only if that
//! name is still there. `locked_at` is renewed while a process lives, so Ruby workers leave its jobs alone. The rows of a dead
//! process are released by another one.
//!
//! **What it cannot keep** of the contract of stores is said by its `Guarantees`: an enqueue that is repeated may store a job twice,
//! jobs of one priority go by the time at which they are due, finished jobs are removed, jobs cannot be unique, and an attempt
//! counts when it fails.
//!
//! A [`PayloadObject`] is what the column `handler` says, in YAML with the tags of Ruby's Psych. It is read as data: no tag is
//! resolved, nothing is made from it, and size, depth and expansion have limits. [`row`] has the other columns, and the row of a new
//! job. Both are pure: no input, no output.
//!
//! ```
//! use jobs_delayed_job::PayloadObject;
//!
//! let text = "--- !ruby/struct:SendMail\nuser_id: 7\nnote: 'hello: world'\n";
//! let payload = PayloadObject::read(text)?;
//! assert_eq!(payload.name(), "SendMail");
//! assert_eq!(payload.arguments(), r#"{"user_id":7,"note":"hello: world"}"#);
//! # Ok::<(), jobs_core::Error>(())
//! ```

mod job;
mod payload;
pub mod row;
mod yaml;

mod options;
mod url;

mod store;
mod work;

mod adapter;
mod inspect;
mod manage;
mod notifier;
mod transaction;

pub use jobs_active_job::{ClassNames, Rails};
pub use options::DelayedJobOptions;
pub use payload::{MethodCall, PayloadObject, Receiver};
pub use store::DelayedJobStore;
