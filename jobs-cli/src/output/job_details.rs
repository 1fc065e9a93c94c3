//! One job with all its details, as text.

use std::fmt::Write;

use jobs::json::WholeJob;
use jobs_core::OneLine;

/// Describes a job, one detail per line. What jobs and users wrote is escaped, so that it can neither forge a line nor control
/// the terminal.
pub(crate) fn job_details(details: &WholeJob) -> String {
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
    line("claimed by", job.claimed_by.as_deref().unwrap_or("-"));
    line("arguments", arguments);
    for error in &details.errors {
        line(&format!("attempt {}", error.attempt), &format!("{}: {} ({})", error.class, error.message, error.at));
        for cause in &error.causes {
            line("", &format!("caused by {cause}"));
        }
    }
    text.trim_end().to_owned()
}
