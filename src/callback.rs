//! Callbacks around enqueue and perform, as values and as the types that callback functions take.
//!
//! ```
//! use jobs::Halt;
//! use jobs::callback::JobDraft;
//! use jobs::prelude::*;
//!
//! fn weekdays_only(draft: &mut JobDraft, _job: &Remind) -> Result<(), Halt> {
//!     draft.queue = "weekdays".to_owned();
//!     Ok(())
//! }
//!
//! #[job(before_enqueue(weekdays_only))]
//! async fn remind(customer: u64) -> Result<(), std::io::Error> {
//!     println!("{customer}");
//!     Ok(())
//! }
//! ```
//!
//! The guide explains [the order](crate::guide::callbacks#order) and what a callback can do.

pub use jobs_core::callback::{
    Answer, Async, CallbackFuture, IntoVerdict, Kind, Moment, Plain, Stop, Verdict, told, verdict,
};
pub use jobs_core::{Callback, Condition, JobDraft, Next, NextEnqueue};
