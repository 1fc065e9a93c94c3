//! The course of long runs: the first round, in ten parts.

use std::fmt::Write;

use bench_protocol::Part;

use super::thousands;
use crate::options::Options;
use crate::phase::Phase;
use crate::results::Results;

/// Bytes in a mebibyte.
const MEBIBYTE: f64 = 1_048_576.0;

/// Indexes that never have more bytes are not shown.
const SMALL: u64 = 100_000;

/// One table for each phase that is told in parts.
pub(super) fn all(options: &Options, results: &Results) -> String {
    options.phases().filter(|phase| phase.has_parts()).map(|phase| one(options, results, phase)).collect()
}

fn one(options: &Options, results: &Results, phase: Phase) -> String {
    let mut text = String::new();
    for who in options.contestants() {
        let Some(parts) = results.parts(who.name, phase) else { continue };
        let star = if results.cut_off(who.name, phase) { "*" } else { "" };
        rows(&mut text, &format!("{}{star}", who.name), parts);
    }
    if text.is_empty() {
        return text;
    }
    let (numbers, rule) = (" 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |", "---:|".repeat(10));
    format!("\n**{}, in ten parts**\n\n| |{numbers}\n|---|{rule}\n{text}", phase.name())
}

#[expect(clippy::cast_precision_loss, reason = "bytes and rows of a run are far below 2⁵²")]
fn rows(text: &mut String, who: &str, parts: &[Part]) {
    let mut row = |title: &str, of: &dyn Fn(&Part) -> String| {
        let cells: Vec<_> = parts.iter().map(of).collect();
        let _always = writeln!(text, "| {who}, {title} | {} |", cells.join(" | "));
    };
    row("jobs per second", &|part| thousands(part.jobs as f64 / part.seconds));
    if parts.iter().any(|part| part.p99_us > 0) {
        row("pickup p99 in ms", &|part| format!("{:.1}", part.p99_us as f64 / 1000.0));
    }
    row("µs of the server per job", &|part| format!("{:.0}", part.server_cpu_seconds * 1e6 / part.jobs as f64));
    row("dead rows", &|part| thousands(part.dead_rows as f64));
    row("MiB", &|part| format!("{:.0}", part.bytes as f64 / MEBIBYTE));
    let indexes = parts.last().map(|part| part.indexes.as_slice()).unwrap_or_default();
    for (name, _) in indexes {
        let size = |part: &Part| part.indexes.iter().find(|(other, _)| other == name).map_or(0, |(_, bytes)| *bytes);
        if parts.iter().any(|part| size(part) > SMALL) {
            row(&format!("MiB of {name}"), &|part| format!("{:.1}", size(part) as f64 / MEBIBYTE));
        }
    }
}
