//! Whether all is well: limits, and what is found when the figures of a store are held against them.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::{JobStats, QueueRecord, State, spoken};

/// What has to hold for all to be well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthLimits {
    /// How long a job of a queue may be ready without being claimed, for queues that have no limit of their own; `None`
    /// for as long as it takes. By default five minutes.
    pub max_latency: Option<Duration>,
    /// The same for single queues, by their names in the store.
    pub max_latency_of: BTreeMap<String, Duration>,
    /// How many jobs may be failed; `None`, the default, for however many.
    pub max_failed: Option<u64>,
    /// How many processes have to live. By default one.
    pub min_processes: usize,
    /// A process that was silent for longer does not live. By default a minute.
    pub silence: Duration,
}

impl Default for HealthLimits {
    fn default() -> Self {
        Self {
            max_latency: Some(Duration::from_secs(300)),
            max_latency_of: BTreeMap::new(),
            max_failed: None,
            min_processes: 1,
            silence: Duration::from_secs(60),
        }
    }
}

/// What was found. In JSON `{"healthy": .., "checks": [{"check": .., "healthy": .., "words": ..}]}`; keys are only ever
/// added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// Whether each check is.
    pub healthy: bool,
    /// What was looked at, one after the other.
    pub checks: Vec<Finding>,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// `store`, `latency`, `failed` or `processes`.
    pub check: &'static str,
    /// The queue, if it has a limit of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Whether it is as it has to be.
    pub healthy: bool,
    /// What was seen, for people.
    pub words: String,
}

impl Finding {
    fn new(check: &'static str, healthy: bool, words: String) -> Self {
        Self { check, queue: None, healthy, words }
    }
}

impl Health {
    /// Holds the figures of a store against the limits. Paused queues may keep their jobs for as long as they are paused.
    pub fn of(stats: &JobStats, limits: &HealthLimits) -> Self {
        let mut checks = vec![Finding::new("store", true, "the store answers".to_owned())];
        checks.extend(limits.max_latency.map(|most| others(stats, limits, most)));
        checks.extend(limits.max_latency_of.iter().map(|(queue, most)| own(stats, queue, *most)));
        checks.extend(limits.max_failed.map(|most| {
            let failed = stats.counts.of(State::Failed);
            Finding::new("failed", failed <= most, format!("{failed} jobs are failed, {most} may be"))
        }));
        let living = stats.living(limits.silence).count();
        let words = format!("{living} processes live, {} are asked for", limits.min_processes);
        checks.push(Finding::new("processes", living >= limits.min_processes, words));
        Self { healthy: checks.iter().all(|check| check.healthy), checks }
    }

    /// The store does not answer; in these words, which are for those who may see where it is.
    pub fn out_of_reach(words: impl Into<String>) -> Self {
        Self { healthy: false, checks: vec![Finding::new("store", false, words.into())] }
    }
}

/// The queue that waits longest of those without a limit of their own.
fn others(stats: &JobStats, limits: &HealthLimits, most: Duration) -> Finding {
    let of = |queue: &&QueueRecord| !queue.paused && !limits.max_latency_of.contains_key(&queue.name);
    match stats.queues.iter().filter(of).max_by_key(|queue| queue.latency) {
        Some(queue) => Finding::new("latency", queue.latency <= most, waits(queue, most)),
        None => Finding::new("latency", true, "nothing waits".to_owned()),
    }
}

fn own(stats: &JobStats, name: &str, most: Duration) -> Finding {
    let found = stats.queues.iter().find(|queue| queue.name == name);
    let finding = match found {
        Some(queue) if queue.paused => Finding::new("latency", true, format!("`{name}` is paused")),
        Some(queue) => Finding::new("latency", queue.latency <= most, waits(queue, most)),
        None => Finding::new("latency", true, format!("nothing waits in `{name}`")),
    };
    Finding { queue: Some(name.to_owned()), ..finding }
}

fn waits(queue: &QueueRecord, most: Duration) -> String {
    format!("the oldest job of `{}` waits for {}, {} are allowed", queue.name, spoken(queue.latency), spoken(most))
}
