//! Schedules of Ruby projects' files tick as Ruby's `fugit` makes them tick.
//!
//! `data/fugit.tsv` has a schedule in each line, from public `recurring.yml` and `schedule.yml` files, from the
//! documentation of fugit, and from its grammar at random; the cron line that fugit 1.14 makes of it (`-` if it refuses it); and the five ticks after
//! 2026-01-30T00:00:00Z that fugit computes, in UTC.

use chrono::DateTime;
use jobs_core::{Schedule, Timestamp};
use jobs_syntax::schedule::{RubySchedule, read_ruby};

const TABLE: &str = include_str!("data/fugit.tsv");

/// The ticks of a schedule as a file of Ruby has it, or the error.
fn ticks(written: &str, count: usize) -> Result<Vec<String>, String> {
    let RubySchedule { schedule, zone, .. } = read_ruby(written).map_err(|error| error.to_string())?;
    let schedule = Schedule::parse(&schedule, zone.as_deref()).map_err(|error| error.to_string())?;
    let start: Timestamp = DateTime::parse_from_rfc3339("2026-01-30T00:00:00Z").expect("a time").into();
    let ticks = std::iter::successors(schedule.next_after(start), |tick| schedule.next_after(*tick)).take(count);
    Ok(ticks.map(|tick| tick.to_string().replace(".000000", "")).collect())
}

#[test]
fn each_schedule_of_a_ruby_file_ticks_as_fugit_makes_it_tick() {
    let mut wrong = Vec::new();
    for line in TABLE.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [written, cron, expected @ ..] = columns.as_slice() else { panic!("{line} has no columns") };
        match ticks(written, expected.len()) {
            Err(_) if *cron == "-" => {}
            Ok(_) if *cron == "-" => wrong.push(format!("`{written}` is read, and fugit refuses it")),
            Err(error) => wrong.push(format!("`{written}` is `{cron}` and not refused: {error}")),
            Ok(ticks) if ticks != expected => {
                wrong.push(format!("`{written}` is `{cron}`: {expected:?}, not {ticks:?}"));
            }
            Ok(_) => {}
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), TABLE.lines().count(), wrong.join("\n"));
    assert!(TABLE.lines().count() >= 300);
}
