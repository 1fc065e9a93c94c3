//! Promises of the whole, through the facade.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod ambient;
mod enqueuing;
mod failures;
mod fencing;
mod outages;
mod setup;
mod shutdown;
mod start_up;
