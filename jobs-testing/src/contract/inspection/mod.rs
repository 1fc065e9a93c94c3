//! What `Inspect` promises: finding, listing, counting and monitoring.

pub mod find;
pub mod list;
pub mod monitoring;
pub mod page;
pub mod stats;
