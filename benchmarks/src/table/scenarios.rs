//! The tables of the phases that run only by name.

use bench_protocol::Selectors;

use super::{table, thousands};
use crate::options::Options;
use crate::phase::{Phase, Work};
use crate::results::Results;

/// Whether a phase has its tables here.
pub(super) fn shows(phase: Phase) -> bool {
    matches!(
        phase,
        Phase::Queues(..)
            | Phase::ClaimTime(..)
            | Phase::IdleQueues
            | Phase::Weights(..)
            | Phase::Recurring(_)
            | Phase::LostNode
            | Phase::Network(..)
    )
}

/// One table for each kind of number.
pub(super) fn all(options: &Options, results: &Results) -> String {
    queues(options, results) + &idle(options, results) + &others(options, results) + &network(options, results)
}

fn some(options: &Options, which: impl Fn(Phase) -> bool) -> Vec<Phase> {
    options.phases().filter(|phase| which(*phase)).collect()
}

fn queues(options: &Options, results: &Results) -> String {
    let mut text = String::new();
    for (selectors, title) in
        [(Selectors::All, "`*`"), (Selectors::Prefix, "one prefix"), (Selectors::Prefixes, "a list of ten prefixes")]
    {
        let phases = some(options, |phase| matches!(phase, Phase::Queues(_, by) if by == selectors));
        text += &rates(results, &format!("Drain by {title}, jobs per second (`*`: cut off by time)"), &phases);
        let one = Phase::Queues(1, selectors);
        text +=
            &table(results.store, &format!("Drain by {title}, of the rate with one queue"), &phases, |who, phase| {
                results.ratio_of((who.name, phase), (who.name, one)).map(|ratio| format!("{ratio:.2}"))
            });
        let title = format!("Drain by {title}, of `limit (keep)` with one queue");
        text += &table(results.store, &title, &phases, |who, phase| {
            let limit = ("limit (keep)", Phase::Queues(1, Selectors::All));
            results.ratio_of((who.name, phase), limit).map(|ratio| format!("{ratio:.2}"))
        });
    }
    let claims = some(options, |phase| matches!(phase, Phase::ClaimTime(..)));
    text + &latencies(results, "One claim of ten jobs, p50 / p99 in ms", &claims)
}

fn idle(options: &Options, results: &Results) -> String {
    let phases = some(options, |phase| phase == Phase::IdleQueues);
    let title = "32 workers poll 500 empty queues: percent of a processor, server + program";
    table(results.store, title, &phases, |who, phase| {
        let server = results.idle_server(who.name, phase).map(|percent| format!("{percent:.1} + "));
        results.idle_own(who.name, phase).map(|own| format!("{}{own:.1}", server.unwrap_or_default()))
    })
}

fn others(options: &Options, results: &Results) -> String {
    let weights = some(options, |phase| matches!(phase, Phase::Weights(..)));
    let title =
        "Of any 200 jobs in a row: the worst deviation from a weight in percent, and the longest row of one queue";
    let mut text = table(results.store, title, &weights, |who, phase| {
        let row = results.longest_row(who.name, phase)?;
        results.deviation(who.name, phase).map(|percent| format!("{percent:.1}, {row:.0}"))
    });
    let recurring = some(options, |phase| matches!(phase, Phase::Recurring(_)));
    let title = "Time from a tick until the jobs of all its tasks are enqueued, in s (`*`: cut off by time)";
    text += &table(results.store, title, &recurring, |who, phase| {
        let star = if results.cut_off(who.name, phase) { "*" } else { "" };
        results.seconds(who.name, phase).map(|seconds| format!("{seconds:.2}{star}"))
    });
    let lost = some(options, |phase| phase == Phase::LostNode);
    let title = "Time until all jobs of a killed process are done, over the ideal time (`*`: cut off by time)";
    text + &table(results.store, title, &lost, |who, phase| {
        let star = if results.cut_off(who.name, phase) { "*" } else { "" };
        results.over_ideal(who.name, phase).map(|ratio| format!("{ratio:.2}{star}"))
    })
}

fn network(options: &Options, results: &Results) -> String {
    let of = |work: Work| some(options, move |phase| matches!(phase, Phase::Network(what, _) if what == work));
    let mut text = String::new();
    for (work, title) in [(Work::Drain, "Drain"), (Work::EnqueueOne, "Enqueue one by one, eight callers")] {
        let phases = of(work);
        text += &rates(results, &format!("{title} over a network, jobs per second (`*`: cut off by time)"), &phases);
        text += &table(results.store, &format!("{title}: `jobs` is this many times as fast"), &phases, |who, phase| {
            results.ratio("jobs", who.name, phase).map(|ratio| format!("{ratio:.2}"))
        });
    }
    text + &latencies(results, "Pickup over a network, p50 / p99 in ms", &of(Work::Pickup))
}

fn rates(results: &Results, title: &str, phases: &[Phase]) -> String {
    table(results.store, title, phases, |who, phase| {
        let star = if results.cut_off(who.name, phase) { "*" } else { "" };
        results.rate(who.name, phase).map(|rate| format!("{}{star}", thousands(rate)))
    })
}

fn latencies(results: &Results, title: &str, phases: &[Phase]) -> String {
    table(results.store, title, phases, |who, phase| {
        results.latency(who.name, phase).map(|(half, most)| format!("{half:.2} / {most:.2}"))
    })
}
