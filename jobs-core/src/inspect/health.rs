//! Health checks: the figures of a store, compared with limits.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::missed::GRACE;
use crate::{JobStats, QueueRecord, State, counted, format_duration};

/// The limits that a healthy store keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HealthLimits {
    /// How long a job may be ready without being claimed, for queues that have no limit of their own; `None` for no limit.
    /// By default five minutes. It also limits for how long a scheduled job may be due without being made ready, and a tick
    /// of a recurring task without being taken.
    pub max_latency: Option<Duration>,
    /// The same for individual queues, by their names in the store.
    pub max_latency_of: BTreeMap<String, Duration>,
    /// How many jobs may be failed; `None`, the default, for no limit.
    pub max_failed: Option<u64>,
    /// How many processes have to be alive. By default one.
    pub min_processes: usize,
    /// A process that was silent for longer counts as dead. By default a minute.
    pub silence: Duration,
    /// For how long one snapshot of the database may be held; `None` for no limit. By default an hour. Beside an old one claims
    /// become slower, because the rows of all jobs that ended since stay.
    pub max_snapshot_age: Option<Duration>,
}

impl Default for HealthLimits {
    fn default() -> Self {
        Self {
            max_latency: Some(Duration::from_secs(300)),
            max_latency_of: BTreeMap::new(),
            max_failed: None,
            min_processes: 1,
            silence: Duration::from_secs(60),
            max_snapshot_age: Some(Duration::from_secs(3600)),
        }
    }
}

/// The results of all checks. In JSON `{"healthy": .., "checks": [{"check": .., "healthy": .., "words": ..}]}`; keys are only ever
/// added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Health {
    /// Whether all checks are healthy.
    pub healthy: bool,
    /// The checks, in order.
    pub checks: Vec<Check>,
}

/// The result of one check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// `store`, `latency`, `failed`, `processes` or `loops`. If there is something to say: `dispatch`, `recurring`,
    /// `paused` and `snapshot`.
    pub check: &'static str,
    /// The queue, if it has a limit of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Whether the limit is kept.
    pub healthy: bool,
    /// The result for people.
    pub words: String,
}

impl Check {
    fn new(check: &'static str, healthy: bool, words: String) -> Self {
        Self { check, queue: None, healthy, words }
    }
}

impl Health {
    /// Compares the figures of a store with the limits. The latency of paused queues has no limit.
    pub fn of(stats: &JobStats, limits: &HealthLimits) -> Self {
        let mut checks = vec![Check::new("store", true, "the store answers".to_owned())];
        checks.extend(limits.max_latency.map(|most| queues_without_limit(stats, limits, most)));
        checks.extend(limits.max_latency_of.iter().map(|(queue, most)| queue_with_limit(stats, queue, *most)));
        checks.extend(limits.max_failed.map(|most| {
            let failed = stats.counts.of(State::Failed);
            Check::new(
                "failed",
                failed <= most,
                format!("{} {} failed, {most} may be", counted(failed, "job"), if failed == 1 { "is" } else { "are" }),
            )
        }));
        checks.extend(limits.max_latency.into_iter().flat_map(|most| late(stats, most)));
        checks.extend(paused(stats));
        checks.extend(limits.max_snapshot_age.and_then(|most| old_snapshot(stats, most)));
        let living = stats.living(limits.silence).count();
        let words = format!("{}, at least {} wanted", counted(living as u64, "live process"), limits.min_processes);
        checks.push(Check::new("processes", living >= limits.min_processes, words));
        Self { healthy: checks.iter().all(|check| check.healthy), checks }
    }

    /// Adds the check of the loops of one process: those that make no progress, as `dispatcher`.
    #[must_use]
    pub fn with_loops(mut self, stalled: &[&str]) -> Self {
        let words = match stalled {
            [] => "all loops of this process make progress".to_owned(),
            names => format!("loops of this process that do not turn: {}", names.join(", ")),
        };
        self.healthy &= stalled.is_empty();
        self.checks.push(Check::new("loops", stalled.is_empty(), words));
        self
    }

    /// The store does not answer. The text may contain its address: show it only to people who may see that.
    pub fn unreachable(words: impl Into<String>) -> Self {
        Self { healthy: false, checks: vec![Check::new("store", false, words.into())] }
    }
}

/// Checks the queue with the highest latency of those without a limit of their own.
fn queues_without_limit(stats: &JobStats, limits: &HealthLimits, most: Duration) -> Check {
    let of = |queue: &&QueueRecord| !queue.paused && !limits.max_latency_of.contains_key(&queue.name);
    match stats.queues.iter().filter(of).max_by_key(|queue| queue.latency) {
        Some(queue) => Check::new("latency", queue.latency <= most, waits(queue, most)),
        None => Check::new("latency", true, "nothing waits".to_owned()),
    }
}

/// What is due and nothing takes: no dispatcher or no scheduler works.
fn late(stats: &JobStats, most: Duration) -> impl Iterator<Item = Check> {
    let check = |name, what: String, late: Duration| {
        let words = format!("{what} for {}, {} are allowed", format_duration(late), format_duration(most));
        Check::new(name, false, words)
    };
    let dispatch = (stats.dispatch_latency > most).then(|| {
        let what = "a scheduled job is due and no process makes it ready".to_owned();
        check("dispatch", what, stats.dispatch_latency)
    });
    let tick = stats.late_tick.as_ref().filter(|tick| tick.late > most.max(GRACE)).map(|tick| {
        let what = format!("the recurring task `{}` is due and no process takes its tick", tick.key);
        check("recurring", what, tick.late)
    });
    dispatch.into_iter().chain(tick)
}

/// Jobs in paused queues wait on purpose. It is said all the same, because a pause is easily forgotten.
fn paused(stats: &JobStats) -> Option<Check> {
    let (jobs, oldest) = stats.paused();
    let oldest = format_duration(oldest);
    (jobs > 0)
        .then(|| Check::new("paused", true, format!("{jobs} ready in paused queues, the oldest waits for {oldest}")))
}

/// A snapshot that is held for too long.
fn old_snapshot(stats: &JobStats, most: Duration) -> Option<Check> {
    let snapshot = stats.oldest_snapshot.as_ref().filter(|snapshot| snapshot.age.is_some_and(|age| age > most))?;
    let words = format!("the oldest snapshot is held by {snapshot}, {} are allowed", format_duration(most));
    Some(Check::new("snapshot", false, words))
}

fn queue_with_limit(stats: &JobStats, name: &str, most: Duration) -> Check {
    let found = stats.queues.iter().find(|queue| queue.name == name);
    let finding = match found {
        Some(queue) if queue.paused => Check::new("latency", true, format!("`{name}` is paused")),
        Some(queue) => Check::new("latency", queue.latency <= most, waits(queue, most)),
        None => Check::new("latency", true, format!("nothing waits in `{name}`")),
    };
    Check { queue: Some(name.to_owned()), ..finding }
}

fn waits(queue: &QueueRecord, most: Duration) -> String {
    format!(
        "the oldest job of `{}` waits for {}, {} are allowed",
        queue.name,
        format_duration(queue.latency),
        format_duration(most)
    )
}
