//! The figures of a store.

use jobs::{JobStats, State, Totals};
use serde::Serialize;

use crate::ending::{Ending, Result};
use crate::output::Output;
use crate::place::Scene;
use crate::shapes::Queue;
use crate::spans::spoken;

#[derive(Serialize)]
struct Stats {
    scheduled: u64,
    blocked: u64,
    ready: u64,
    claimed: u64,
    failed: u64,
    finished: u64,
    discarded: u64,
    /// Of queues that are not paused.
    latency_seconds: f64,
    processes: usize,
    queues: Vec<Queue>,
    /// When it was, by the store's clock.
    at: String,
    /// What has happened in all; null if the store does not keep count.
    totals: Option<Sums>,
}

#[derive(Serialize)]
struct Sums {
    enqueued: u64,
    finished: u64,
    discarded: u64,
    errors: u64,
}

pub(crate) async fn stats(scene: &Scene, output: Output) -> Result<Ending> {
    let stats = scene.inspect()?.stats().await?;
    output.one(&Stats::new(&stats), || described(&stats))?;
    Ok(Ending::Done)
}

impl Stats {
    fn new(stats: &JobStats) -> Self {
        let count = |state| stats.counts.of(state);
        Self {
            scheduled: count(State::Scheduled),
            blocked: count(State::Blocked),
            ready: count(State::Ready),
            claimed: count(State::Claimed),
            failed: count(State::Failed),
            finished: count(State::Finished),
            discarded: count(State::Discarded),
            latency_seconds: stats.latency().as_secs_f64(),
            processes: stats.processes.len(),
            queues: stats.queues.iter().map(Queue::new).collect(),
            at: stats.at.to_string(),
            totals: stats.totals.as_ref().map(Sums::new),
        }
    }
}

impl Sums {
    const fn new(totals: &Totals) -> Self {
        let Totals { enqueued, finished, discarded, errors, .. } = *totals;
        Self { enqueued, finished, discarded, errors }
    }
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
