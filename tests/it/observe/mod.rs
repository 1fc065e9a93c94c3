//! What is observed from outside: events and log lines.

mod event_subscription;
mod events;
pub(crate) mod log_capture;
mod log_levels;
mod log_lines;
mod slow_jobs;
mod typed_events;
