//! Runtimes at work while the server is away, silent, crashed, replaced, full or locked. They say so, and go on by
//! themselves; afterwards every job is accounted for.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

#[path = "../common/mod.rs"]
mod common;

mod apart;
mod away;
mod locked;
mod pooled;
mod servers;
mod site;
