//! What is stored.

use std::fmt::Write;

use jobs::ProcessRecord;
use jobs::json::{Job, Process, WholeJob};

use crate::arguments::{List, Show};
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::Scene;
use crate::selection::Selection;
use crate::shapes::{Seen, Stored};

pub(crate) async fn list(scene: &Scene, list: List, output: Output) -> Result<Ending> {
    let now = scene.now;
    let selection = Selection::new(scene.inspect()?, &list.which, now);
    let mut selection = if list.newest { selection.newest_first() } else { selection }.after(list.after);
    let mut found = Vec::new();
    while found.len() < list.limit {
        let Some(page) = selection.next().await? else { break };
        found.extend(page.iter().take(list.limit - found.len()).map(|job| Seen::<Job>::new(job, job.enqueued_at, now)));
    }
    output.many(&found)?;
    Ok(Ending::Done)
}

pub(crate) async fn show(scene: &Scene, show: &Show, output: Output) -> Result<Ending> {
    let job = scene.find(show.id).await?;
    let stored = Stored::new(&job, scene.shown_arguments(&job), show.arguments);
    output.one(&stored, || described(&stored.whole))?;
    Ok(Ending::Done)
}

/// One job in words.
pub(crate) fn described(whole: &WholeJob) -> String {
    let job = &whole.job;
    let hidden = "not shown: this program does not know what is secret in them; see `--arguments`";
    let arguments = whole.shown_arguments.as_deref().unwrap_or(hidden);
    let mut text = format!("{} {}\n", job.name, job.id);
    let mut line = |name: &str, value: &str| {
        // A text takes what is written to it.
        let _written = writeln!(text, "  {name:<10} {value}");
    };
    line("state", job.state);
    line("queue", &job.queue);
    line("priority", &job.priority.to_string());
    line("attempts", &job.attempts.to_string());
    line("crashes", &job.crashes.to_string());
    line("enqueued", &job.enqueued_at);
    line("due", &job.due_at);
    if let Some(tick) = &whole.tick {
        line("tick", tick);
    }
    line("done", job.done_at.as_deref().unwrap_or("-"));
    line("held by", job.claimed_by.as_deref().unwrap_or("-"));
    line("arguments", arguments);
    for error in &whole.errors {
        line(&format!("attempt {}", error.attempt), &format!("{}: {} ({})", error.class, error.message, error.at));
        for cause in &error.causes {
            line("", &format!("caused by {cause}"));
        }
    }
    text.trim_end().to_owned()
}

pub(crate) async fn processes(scene: &Scene, output: Output) -> Result<Ending> {
    let now = scene.now;
    let records = scene.inspect()?.processes().await?;
    let seen = |record: &ProcessRecord| Seen::<Process>::new(record, record.heartbeat_at, now);
    output.many(&records.iter().map(seen).collect::<Vec<_>>())?;
    Ok(Ending::Done)
}
