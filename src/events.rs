//! Everything that a runtime reports, as one type for each event. [`Event`](crate::Event) is any of them.
//!
//! ```
//! use jobs::Runtime;
//! use jobs::events::Performed;
//!
//! let builder = Runtime::builder().on::<Performed>(|event| {
//!     println!("{} took {:?}", event.job.name, event.duration);
//! });
//! # drop(builder);
//! ```
//!
//! The guide shows [how to watch events](crate::guide::running#watching-events).

pub use jobs_core::events::*;
pub use jobs_core::{Bulk, JobRef, SlowReason};
pub use jobs_runtime::Watcher;
