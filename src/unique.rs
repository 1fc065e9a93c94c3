//! Which jobs are equal, and for how long the first one blocks others.
//!
//! ```
//! use jobs::definition::Settings;
//! use jobs::unique::{Unique, UniqueUntil};
//!
//! // What `#[job(unique(until = done))]` writes.
//! let settings = Settings::new("sync").unique(Unique::until(UniqueUntil::Done));
//! assert!(settings.unique.is_some());
//! ```
//!
//! The guide explains [unique jobs](crate::guide::unique_jobs).

pub use jobs_core::{HolderJob, KeyHolder, Unique, UniqueBy, UniqueKey, UniqueUntil};
