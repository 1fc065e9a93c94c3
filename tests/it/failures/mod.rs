//! Failures: rules, retries, callbacks, panics and reports.

mod causes;
mod error_reports;
mod error_sources;
mod exhausted;
mod failure_events;
mod panics;
mod retries;
mod rules;
