//! Promises of the test kit, through the facade as its users have it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod blocks;
mod clearing;
mod draining;
mod enqueued;
mod enqueued_with;
mod faults;
mod filters;
mod fixture;
mod inline;
mod isolation;
mod messages;
mod performed;
mod performed_with;
mod retrying;
mod scoping;
mod times;
mod unique;
mod urls;
mod within;
