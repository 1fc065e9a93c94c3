//! The dashboard through its router: requests and their responses.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on is to stop")]

mod access;
mod api;
mod bulk;
mod bulk_progress;
mod encoding;
mod endpoints;
mod failures;
mod figures;
mod fixture;
mod fixture_jobs;
mod forms;
mod hidden_search;
mod job_actions;
mod jobs;
mod live_updates;
mod mounting;
mod one_job;
mod outage;
mod overview;
mod pages;
mod parameters;
mod processes;
mod queues;
mod recurring;
mod secrets;
mod server;
mod sqlite;
