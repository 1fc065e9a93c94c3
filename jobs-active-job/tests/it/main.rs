//! The format of Active Job, both ways.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod arguments;
mod envelope;
mod hashes;
mod properties;
mod samples;
mod typed;
mod values;
