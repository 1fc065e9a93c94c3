//! Beside genuine Delayed Job: workers of both languages on one table, each performing what the other enqueued.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod application;
mod mixed;
mod ruby;
mod worker;
