//! `stats`: counts of jobs, queues and processes.

use jobs::State;
use jobs::json::Stats;
use jobs::store::{JobStats, Totals};

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
    lines.iter().map(|(name, value)| format!("{name:<10} {value}")).collect::<Vec<_>>().join("\n")
}
