//! Promises of the test kit, through the facade as its users have it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod assertions;
mod fixture;
mod performing;
mod setup;
