//! The dashboard as a browser meets it: requests go through the router, and what comes back is read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod access;
mod forms;
mod mounting;
mod pages;
mod stage;
