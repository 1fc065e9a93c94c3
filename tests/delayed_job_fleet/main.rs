//! Beside genuine Delayed Job: workers of both languages on one table, each performing what the other enqueued.
#![cfg(target_os = "linux")]

mod application;
mod mixed;
mod ruby;
mod worker;
