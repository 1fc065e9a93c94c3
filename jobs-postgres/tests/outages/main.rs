//! Runtimes at work while the server is away, silent, crashed, replaced, full or locked. They report it and continue by
//! themselves; afterwards no job is lost.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

#[path = "../common/mod.rs"]
mod common;

mod apart;
mod away;
mod locked;
mod pooled;
mod servers;
mod site;
