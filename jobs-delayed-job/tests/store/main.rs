//! The store on Delayed Job's table, on each database that is there.
#![allow(clippy::unwrap_used, clippy::panic, clippy::expect_used, reason = "a test that cannot go on is to stop")]

mod application;
mod behind;
mod contract;
mod faults;
mod finding;
mod kept_handlers;
mod opening;
mod rows;
mod ruby_rows;
mod server;
mod transactions;
mod waking;
