//! Runs the programs as a user does, and compares what they print.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on must stop")]

#[path = "../../../jobs-redis/tests/common/certificates.rs"]
mod certificates;
mod change;
mod check;
#[cfg(feature = "dashboard")]
mod dashboard;
mod enqueue;
mod errors;
mod failures;
mod figures;
mod fixture;
mod generate;
mod generate_ruby;
mod migrate;
mod new_project;
mod production_guide;
mod query;
mod readme_project;
mod recurring;
mod redis;
mod ruby_config;
mod start;
#[cfg(feature = "top")]
mod top;
