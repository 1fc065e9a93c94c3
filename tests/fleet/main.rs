//! Beside genuine Ruby software: workers of both languages on one Redis, and the pages of Sidekiq on what Rust writes.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod buttons;
mod figures;
mod mixed;
mod pages;
mod redis_db;
mod retries;
#[allow(dead_code, reason = "the program that follows the guide uses the rest")]
mod ruby;
mod web;
mod worker;
