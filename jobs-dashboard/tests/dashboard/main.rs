//! The dashboard as a browser meets it: requests go through the router, and what comes back is read.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod access;
mod api;
mod bulk;
mod changing;
mod endpoints;
mod forms;
mod jobs;
mod live;
mod mounting;
mod outage;
mod pages;
mod recurring;
mod secrets;
mod sqlite;
mod stage;
mod store;
mod sweeping;
