//! What is stored.

use std::fmt::Write;

use jobs::{Counts, State};
use serde::Serialize;

use crate::arguments::{List, Show};
use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::Scene;
use crate::selection::Selection;
use crate::shapes::{Job, Process, Queue, WholeJob};
use crate::spans::spoken;

pub(crate) async fn list(scene: &Scene, list: List, output: Output) -> Result<Ending> {
    let now = scene.now;
    let mut selection = Selection::new(scene.inspect()?, &list.which, now).after(list.after);
    let mut found = Vec::new();
    while found.len() < list.limit {
        let Some(page) = selection.next().await? else { break };
        found.extend(page.iter().take(list.limit - found.len()).map(|job| Job::new(job, now)));
    }
    output.many(&found)?;
    Ok(Ending::Done)
}

pub(crate) async fn show(scene: &Scene, show: &Show, output: Output) -> Result<Ending> {
    let job = scene.find(show.id).await?;
    let whole = WholeJob::new(&job, scene.shown_arguments(&job), show.arguments, scene.now);
    output.one(&whole, || described(&whole))?;
    Ok(Ending::Done)
}

/// One job in words.
fn described(whole: &WholeJob<'_>) -> String {
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
    output.many(&records.iter().map(|record| Process::new(record, now)).collect::<Vec<_>>())?;
    Ok(Ending::Done)
}

/// The figures of a store.
#[derive(Serialize)]
struct Stats {
    scheduled: u64,
    blocked: u64,
    ready: u64,
    claimed: u64,
    failed: u64,
    finished: u64,
    discarded: u64,
    latency_seconds: f64,
    processes: usize,
    queues: Vec<Queue>,
}

pub(crate) async fn stats(scene: &Scene, output: Output) -> Result<Ending> {
    let inspect = scene.inspect()?;
    let counts: Counts = inspect.counts().await?;
    let queues = inspect.queues().await?;
    let latency = queues.iter().map(|queue| queue.latency).max().unwrap_or_default();
    let stats = Stats {
        scheduled: counts.of(State::Scheduled),
        blocked: counts.of(State::Blocked),
        ready: counts.of(State::Ready),
        claimed: counts.of(State::Claimed),
        failed: counts.of(State::Failed),
        finished: counts.of(State::Finished),
        discarded: counts.of(State::Discarded),
        latency_seconds: latency.as_secs_f64(),
        processes: inspect.processes().await?.len(),
        queues: queues.iter().map(Queue::new).collect(),
    };
    output.one(&stats, || {
        let mut lines: Vec<_> = State::ALL.into_iter().map(|state| (state.as_str(), counts.of(state))).collect();
        lines.push(("queues", stats.queues.len() as u64));
        lines.push(("processes", stats.processes as u64));
        let lines = lines.iter().map(|(name, count)| format!("{name:<10} {count}"));
        let lines = lines.chain([format!("{:<10} {}", "latency", spoken(latency))]);
        lines.collect::<Vec<_>>().join("\n")
    })?;
    Ok(Ending::Done)
}
