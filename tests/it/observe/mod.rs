//! What is observed from outside: events and log lines.

mod attempt_ends;
mod attempt_logs;
mod broken_subscriber;
mod event_list;
mod event_subscription;
mod events;
mod figures;
pub(crate) mod log_capture;
mod log_levels;
mod log_lines;
mod log_repeats;
mod long_errors;
mod manual_changes;
mod one_line;
mod refused_enqueues;
mod slow_jobs;
mod typed_events;
