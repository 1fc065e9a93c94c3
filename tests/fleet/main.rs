//! Beside genuine Ruby software: workers of both languages on one Redis, and the pages of Sidekiq on what Rust writes.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on is to stop")]

mod mixed;
mod pages;
mod redis_db;
mod ruby;
mod worker;
