//! One job with all its details, as text.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use jobs::json::{AttemptLog, WholeJob};
use jobs_core::{OneLine, short_class};

use crate::output::time::format_duration;

/// Describes a job, one detail per line. What jobs and users wrote is escaped, so that it can neither forge a line nor control
/// the terminal.
///
/// `processes` are the names of the registered processes by their ids.
pub(crate) fn job_details(details: &WholeJob, processes: &BTreeMap<String, String>) -> String {
    let job = &details.job;
    let hidden = "not shown: this program does not know which of them are secret; see `--arguments`";
    let arguments = details.shown_arguments.as_deref().unwrap_or(hidden);
    let mut text = format!("{} {}\n", OneLine(&job.name), job.id);
    let mut line = |name: &str, value: &str| {
        // Writing to a `String` cannot fail.
        let _written = writeln!(text, "  {name:<10} {}", OneLine(value));
    };
    line("state", job.state);
    line("queue", &job.queue);
    line("priority", &job.priority.to_string());
    line("attempts", &job.attempts.to_string());
    line("crashes", &job.crashes.to_string());
    line("enqueued", &job.enqueued_at);
    line("due", &job.due_at);
    if let Some(tick) = &details.tick {
        line("tick", tick);
    }
    line("done", job.done_at.as_deref().unwrap_or("-"));
    let named = |id: &str| processes.get(id).map_or_else(|| id.to_owned(), |name| format!("{name} ({id})"));
    let claimed_by = job.claimed_by.as_deref().map(named);
    if let Some(began) = job.claimed_at.as_deref().filter(|_| job.claimed_by.is_none()) {
        line("last run", &format!("since {began}"));
    }
    let since = job.claimed_at.as_deref().map(|since| format!(", since {since}")).unwrap_or_default();
    line("claimed by", &claimed_by.map_or_else(|| "-".to_owned(), |process| process + &since));
    line("arguments", arguments);
    for error in &details.errors {
        let ran = format_duration(Duration::try_from_secs_f64(error.duration_seconds).unwrap_or_default());
        let process = error.process.as_deref().map(|process| format!(", in {}", named(process))).unwrap_or_default();
        let words = format!("{}: {} ({}, ran {ran}{process})", short_class(&error.class), error.message, error.at);
        line(&format!("attempt {}", error.attempt), &words);
        for cause in &error.causes {
            line("", &format!("caused by {cause}"));
        }
        error.log.iter().flat_map(AttemptLog::texts).for_each(|logged| line("", &logged));
    }
    if let Some(process) = &details.finished_by {
        line("finished by", &named(process));
    }
    for (index, logged) in details.log.iter().flat_map(AttemptLog::texts).enumerate() {
        line(if index == 0 { "log" } else { "" }, &logged);
    }
    text.trim_end().to_owned()
}
