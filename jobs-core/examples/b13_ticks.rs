//! scratch
#![allow(missing_docs)]
use chrono::DateTime;
use jobs_core::{Schedule, Timestamp};
use jobs_syntax::schedule::{RubySchedule, read_ruby};
use std::io::BufRead;
fn ticks(written: &str, count: usize) -> Result<(Vec<String>, Option<String>), String> {
    let RubySchedule { schedule, zone, surprise, .. } = read_ruby(written).map_err(|error| error.to_string())?;
    let schedule = Schedule::parse(&schedule, zone.as_deref()).map_err(|error| format!("SECOND {error}"))?;
    let start: Timestamp = DateTime::parse_from_rfc3339("2026-01-30T00:00:00Z").expect("a time").into();
    let ticks = std::iter::successors(schedule.next_after(start), |tick| schedule.next_after(*tick)).take(count);
    Ok((ticks.map(|tick| tick.to_string().replace(".000000", "")).collect(), surprise))
}
fn main() {
    let (mut n, mut wrong) = (0, 0);
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        n += 1;
        let columns: Vec<&str> = line.split('\t').collect();
        let [written, cron, expected @ ..] = columns.as_slice() else { panic!("{line}") };
        let is_bad = match ticks(written, expected.len().max(1)) {
            Err(_) if *cron == "-" => None,
            Ok(got) if *cron == "-" => Some(format!("READ    `{written}`: fugit refuses; {got:?}")),
            Err(error) => Some(format!("REFUSED `{written}` = `{cron}`: {error}")),
            Ok(got) if got.0 != expected => Some(format!("DIFFER  `{written}` = `{cron}`: {expected:?} not {got:?}")),
            Ok(_) => None,
        };
        if let Some(bad) = is_bad {
            wrong += 1;
            println!("{bad}");
        }
    }
    println!("{wrong} of {n}");
}
