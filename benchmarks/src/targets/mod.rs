//! The targets, and whether they are met.

mod scenarios;

use std::fmt::Write;

use crate::contestant::Store;
use crate::phase::Phase;
use crate::results::Results;

/// A target, and the value that was reached.
#[derive(Clone)]
struct Target {
    words: &'static str,
    reached: Option<f64>,
    wanted: Bound,
}

#[derive(Clone)]
enum Bound {
    AtLeast(f64),
    Below(f64),
}

/// One line for each target that the run measured.
pub(crate) fn all(results: &Results) -> String {
    let mut text = String::new();
    let targets = speed(results).into_iter().chain(backlog(results)).chain(latency(results)).chain(memory(results));
    let targets = targets.chain(scenarios::all(results));
    for target in targets {
        let Some(reached) = target.reached else { continue };
        let (met, bound) = match target.wanted {
            Bound::AtLeast(least) => (reached >= least, format!("at least {least}")),
            Bound::Below(most) => (reached < most, format!("below {most}")),
        };
        let verdict = if met { "pass" } else { "MISS" };
        let _always = writeln!(text, "| {} | {bound} | {reached:.2} | {verdict} |", target.words);
    }
    if text.is_empty() { text } else { format!("\n| measure | target | reached | |\n|---|---|---:|---|\n{text}") }
}

fn speed(results: &Results) -> Vec<Target> {
    match results.store {
        Store::Sqlite => on_sqlite(results),
        Store::Postgres => on_postgres(results),
        Store::Redis => on_redis(results),
        Store::SolidQueue | Store::DelayedJob => on_rails(results),
    }
}

fn at_least(words: &'static str, reached: Option<f64>, least: f64) -> Target {
    Target { words, reached, wanted: Bound::AtLeast(least) }
}

fn below(words: &'static str, reached: Option<f64>, most: f64) -> Target {
    Target { words, reached, wanted: Bound::Below(most) }
}

fn on_sqlite(results: &Results) -> Vec<Target> {
    let of_limit = |ours: &str, limit: &str, phase| results.ratio(ours, limit, phase);
    let of_peer = |phase| results.over_peers(phase);
    let of_altered = |phase| results.over_altered_peers(phase);
    vec![
        at_least("drain-20k / limit (keep)", of_limit("jobs", "limit (keep)", Phase::Drain20k), 0.7),
        at_least("drain-100k / limit (keep)", of_limit("jobs", "limit (keep)", Phase::Drain100k), 0.7),
        at_least("drain-20k / limit (keep) 1000", of_limit("jobs", "limit (keep) 1000", Phase::Drain20k), 0.65),
        at_least("drain-100k / limit (keep) 1000", of_limit("jobs", "limit (keep) 1000", Phase::Drain100k), 0.75),
        at_least("drain-20k / best peer", of_peer(Phase::Drain20k), 10.0),
        at_least("drain-20k / best peer, log switched on", of_altered(Phase::Drain20k), 10.0),
        at_least("drain-100k / best peer", of_peer(Phase::Drain100k), 10.0),
        at_least("drain-100k / best peer, log switched on", of_altered(Phase::Drain100k), 10.0),
        at_least("enqueue-one / best peer", of_peer(Phase::EnqueueOne), 3.0),
        at_least("enqueue-one / best peer, log switched on", of_altered(Phase::EnqueueOne), 3.0),
        at_least("enqueue-bulk / limit (keep)", of_limit("jobs", "limit (keep)", Phase::EnqueueBulk), 0.8),
    ]
}

/// The targets refer to `limit (bare)`. The variants with the columns of `jobs` show which part of the difference is
/// features.
fn on_postgres(results: &Results) -> Vec<Target> {
    let of = |limit: &str, phase| results.ratio("jobs", limit, phase);
    let of_peer = |phase| results.over_peers(phase);
    vec![
        at_least("drain-20k / limit (bare)", of("limit (bare)", Phase::Drain20k), 0.85),
        at_least("drain-100k / limit (bare)", of("limit (bare)", Phase::Drain100k), 0.85),
        at_least("drain-100k / limit (keep)", of("limit (keep)", Phase::Drain100k), 0.85),
        at_least("drain-100k / limit (keep) 1000", of("limit (keep) 1000", Phase::Drain100k), 0.85),
        at_least("drain-20k / best peer", of_peer(Phase::Drain20k), 1.0),
        at_least("drain-100k / best peer", of_peer(Phase::Drain100k), 1.0),
        at_least("enqueue-one / best peer", of_peer(Phase::EnqueueOne), 3.0),
        at_least("enqueue-bulk / limit (bare)", of("limit (bare)", Phase::EnqueueBulk), 0.8),
        at_least("enqueue-bulk / limit (keep)", of("limit (keep)", Phase::EnqueueBulk), 0.8),
    ]
}

/// The best setting of each peer counts.
fn on_redis(results: &Results) -> Vec<Target> {
    let of = |limit: &str, phase| results.ratio("jobs", limit, phase);
    let over = |peer: &'static str, phase| results.over_some(phase, move |one| one.name.starts_with(peer));
    vec![
        at_least("drain-20k / limit (100)", of("limit (100)", Phase::Drain20k), 0.6),
        at_least("drain-100k / limit (100)", of("limit (100)", Phase::Drain100k), 0.6),
        at_least("drain-100k / limit (500)", of("limit (500)", Phase::Drain100k), 0.6),
        at_least("drain-100k / genuine Sidekiq", over("sidekiq", Phase::Drain100k), 15.0),
        at_least("drain-100k / rusty-sidekiq", over("rusty-sidekiq", Phase::Drain100k), 10.0),
        at_least("enqueue-bulk / genuine Sidekiq", over("sidekiq", Phase::EnqueueBulk), 1.0),
        at_least("enqueue-one / best peer", results.over_peers(Phase::EnqueueOne), 3.0),
    ]
}

/// The goals refer to Solid Queue. For Delayed Job they are there to compare.
fn on_rails(results: &Results) -> Vec<Target> {
    let of_limit = |phase| results.ratio("jobs", "limit (100)", phase);
    vec![
        at_least("drain-20k / limit (100)", of_limit(Phase::Drain20k), 0.8),
        at_least("drain-100k / limit (100)", of_limit(Phase::Drain100k), 0.8),
        at_least("enqueue-one / limit (100)", of_limit(Phase::EnqueueOne), 0.8),
        at_least("enqueue-bulk / limit (100)", of_limit(Phase::EnqueueBulk), 0.8),
    ]
}

fn backlog(results: &Results) -> Vec<Target> {
    let slower = |contestant| {
        let few = results.performed_rate(contestant, Phase::Drain100k)?;
        let many = results.performed_rate(contestant, Phase::DrainOfMillion)?;
        Some((few / many - 1.0) * 100.0)
    };
    vec![
        below("jobs: percent slower with 1,000,000 waiting", slower("jobs"), 10.0),
        below("limit: the same, for comparison", slower(results.store.limit()), 10.0),
    ]
}

fn latency(results: &Results) -> Vec<Target> {
    let mut targets = Vec::new();
    for (phase, half, most) in [
        (Phase::Pickup, "pickup p50, ms", "pickup p99, ms"),
        (Phase::PickupAcross, "pickup across processes p50, ms", "pickup across processes p99, ms"),
    ] {
        let latency = results.latency("jobs", phase);
        targets.push(below(half, latency.map(|it| it.0), 2.0));
        targets.push(below(most, latency.map(|it| it.1), 10.0));
    }
    targets
}

fn memory(results: &Results) -> Vec<Target> {
    let peak = results.peak("jobs", Phase::Drain100k);
    vec![
        below("idle worker, MiB", results.resident("jobs", Phase::IdleMemory), 15.0),
        below("peak while draining 100k, MiB", peak, 40.0),
    ]
}
