//! Promises of the whole, through the facade.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod arguments;
mod counting_store;
mod enqueue;
mod failures;
mod fixture;
mod liveness;
mod observe;
mod perform;
mod promises;
mod recurring;
mod runtime;
mod stores_table;
