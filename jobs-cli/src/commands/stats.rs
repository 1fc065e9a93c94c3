//! The figures of a store.

use jobs::json::Stats;
use jobs::{JobStats, State, Totals};

use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::Scene;
use crate::spans::spoken;

pub(crate) async fn stats(scene: &Scene, output: Output) -> Result<Ending> {
    let stats = scene.inspect()?.stats().await?;
    output.one(&Stats::from(&stats), || described(&stats))?;
    Ok(Ending::Done)
}

fn described(stats: &JobStats) -> String {
    let count = |state: State| (state.as_str(), stats.counts.of(state).to_string());
    let mut lines: Vec<_> = State::ALL.into_iter().map(count).collect();
    lines.push(("queues", stats.queues.len().to_string()));
    lines.push(("processes", stats.processes.len().to_string()));
    lines.push(("latency", spoken(stats.latency())));
    if let Some(Totals { enqueued, finished, discarded, errors, .. }) = stats.totals {
        let words = format!("{enqueued} enqueued, {finished} finished, {discarded} discarded, {errors} errors");
        lines.push(("in all", words));
    }
    lines.iter().map(|(name, value)| format!("{name:<10} {value}")).collect::<Vec<_>>().join("\n")
}
