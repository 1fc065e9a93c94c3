//! The tables, in Markdown.

mod parts;
mod scenarios;

use std::fmt::Write;

use bench_protocol::Cost;

use crate::contestant::{self, Contestant, Store};
use crate::options::Options;
use crate::phase::Phase;
use crate::results::Results;

/// Prints one table for each kind of number.
pub(crate) fn all(options: &Options, results: &Results) -> String {
    let (mut rates, mut latencies, mut memory) = (Vec::new(), Vec::new(), Vec::new());
    for phase in options.phases() {
        match phase {
            _ if scenarios::shows(phase) || phase.has_parts() => {}
            _ if phase.is_pickup() => latencies.push(phase),
            Phase::IdleMemory => memory.push(phase),
            _ => rates.push(phase),
        }
    }
    memory.splice(0..0, rates.iter().copied().filter(|phase| phase.is_drain()));
    let (rounds, store) = (options.rounds, options.store);
    let mut text = format!("\nMedians of {rounds} interleaved round{}.\n", if rounds == 1 { "" } else { "s" });
    text += &table(store, "Jobs per second (`*`: cut off by time)", &rates, |who, phase| {
        let star = if results.cut_off(who.name, phase) { "*" } else { "" };
        results.rate(who.name, phase).map(|rate| format!("{}{star}", thousands(rate)))
    });
    let title = format!("Rate divided by that of `{}`, median of the rounds", store.limit());
    text += &table(store, &title, &rates, |who, phase| {
        results.ratio(who.name, store.limit(), phase).map(|ratio| format!("{ratio:.3}"))
    });
    text += &table(store, "`jobs` is this many times as fast, median of the rounds", &rates, |who, phase| {
        results.ratio("jobs", who.name, phase).map(|ratio| format!("{ratio:.2}"))
    });
    text += &table(store, "Time from enqueue to the start of perform, p50 / p99 in ms", &latencies, |who, phase| {
        results.latency(who.name, phase).map(|(half, most)| format!("{half:.2} / {most:.2}"))
    });
    text += &table(store, "Memory in MiB: peak; idle: after two seconds", &memory, |who, phase| {
        let mebibytes =
            if phase == Phase::IdleMemory { results.resident(who.name, phase) } else { results.peak(who.name, phase) };
        mebibytes.map(|it| format!("{it:.1}"))
    });
    text += &table(store, "Processor time of the program per job, in µs", &rates, |who, phase| {
        results.own_cpu(who.name, phase).map(|seconds| format!("{:.1}", seconds * 1e6))
    });
    if store == Store::Redis {
        text += &table(store, "Processor time of Redis per job, in µs", &rates, |who, phase| {
            results.each(who.name, phase, |cost| cost.cpu_seconds).map(|seconds| format!("{:.1}", seconds * 1e6))
        });
    }
    if store.is_on_postgres() {
        text += &server(results, &rates);
        text += &parts::all(options, results);
    }
    text += &scenarios::all(options, results);
    text
}

/// The cost of a job on the server.
#[expect(clippy::cast_precision_loss, reason = "bytes and rows of a run are far below 2⁵²")]
fn server(results: &Results, phases: &[Phase]) -> String {
    let one = |title: &str, of: fn(&Cost) -> f64, digits: usize| {
        table(results.store, title, phases, |who, phase| {
            results.each(who.name, phase, of).map(|it| format!("{it:.digits$}"))
        })
    };
    one("Processor time of the server per job, in µs", |cost| cost.cpu_seconds * 1e6, 1)
        + &one("Bytes of write-ahead log per job", |cost| cost.wal_bytes as f64, 0)
        + &one("Commits per job", |cost| cost.commits as f64, 4)
        + &one("Dead rows per job", |cost| cost.dead_rows as f64, 2)
}

fn table(store: Store, title: &str, phases: &[Phase], cell: impl Fn(Contestant, Phase) -> Option<String>) -> String {
    let mut text = String::new();
    for contestant in contestant::all(store).iter().copied() {
        let cells: Vec<_> = phases.iter().map(|phase| cell(contestant, *phase)).collect();
        if cells.iter().any(Option::is_some) {
            let cells: Vec<_> = cells.into_iter().map(|cell| cell.unwrap_or_else(|| "–".to_owned())).collect();
            let _always = writeln!(text, "| {} | {} |", contestant.name, cells.join(" | "));
        }
    }
    if text.is_empty() {
        return text;
    }
    let names: Vec<_> = phases.iter().map(|phase| phase.name()).collect();
    let rule = "---:|".repeat(phases.len());
    format!("\n**{title}**\n\n| | {} |\n|---|{rule}\n{text}", names.join(" | "))
}

/// A number with thousands separators, such as 12,345.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn numbers_are_grouped_by_three() {
        let texts = [1.0, 999.6, 12_345.0, 1_234_567.0].map(thousands);
        assert_eq!(texts, ["1", "1,000", "12,345", "1,234,567"]);
    }
}
