//! `stats`: counts of jobs, queues and processes.

use std::cmp::Reverse;

use jobs::State;
use jobs::json::{Queue, Stats};
use jobs::store::{JobStats, QueueRecord, Totals};

use crate::exit::{CommandResult, Exit};
use crate::output::{Printer, format_duration};
use crate::store::OpenStore;

pub(crate) async fn stats(store: &OpenStore, printer: Printer) -> CommandResult {
    let stats = store.inspect()?.stats().await?;
    printer.one(&Stats::from(&stats), || text(&stats))?;
    Ok(Exit::Success)
}

fn text(stats: &JobStats) -> String {
    let count = |state: State| (state.as_str(), stats.counts.of(state).to_string());
    let mut lines: Vec<_> = State::ALL.into_iter().map(count).collect();
    lines.push(("queues", stats.queues.len().to_string()));
    lines.push(("processes", stats.processes.len().to_string()));
    lines.push(("latency", format_duration(stats.latency())));
    if let Some(snapshot) = &stats.oldest_snapshot {
        lines.push(("snapshot", format!("the oldest is held by {snapshot}")));
    }
    if let Some(Totals { enqueued, finished, discarded, errors, .. }) = stats.totals {
        let totals = format!("{enqueued} enqueued, {finished} finished, {discarded} discarded, {errors} errors");
        lines.push(("in total", totals));
    }
    let lines: Vec<_> = lines.iter().map(|(name, value)| format!("{name:<10} {value}")).collect();
    format!("{}{}", lines.join("\n"), queues(&stats.queues))
}

/// How many queues are printed, those with the most jobs.
const QUEUES: usize = 20;

/// A table of the queues below the other figures.
fn queues(records: &[QueueRecord]) -> String {
    let jobs = |queue: &&QueueRecord| queue.counts.map_or(queue.ready, |counts| counts.total());
    let mut largest: Vec<_> = records.iter().collect();
    largest.sort_by_key(|queue| Reverse(jobs(queue)));
    largest.truncate(QUEUES);
    largest.sort_by(|one, other| one.name.cmp(&other.name));
    let rows: Vec<_> = largest.into_iter().map(Queue::from).collect();
    match records.len() - rows.len() {
        _ if rows.is_empty() => String::new(),
        0 => format!("\n\n{}", Printer::table(&rows)),
        more => format!("\n\n{}\n.. and {more} queues with fewer jobs: see `queues`", Printer::table(&rows)),
    }
}
