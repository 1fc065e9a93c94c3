//! Schedules of Ruby projects' files tick as Ruby's `fugit` makes them tick.
//!
//! `data/fugit.tsv` has a schedule in each line, from public `recurring.yml` and `schedule.yml` files, from the
//! documentation of fugit, and from its grammar at random; the cron line that fugit 1.14 makes of it (`-` if it refuses it); and the five ticks after
//! 2026-01-30T00:00:00Z that fugit computes, in UTC.

use chrono::DateTime;
use jobs_core::{Schedule, Timestamp};
use jobs_syntax::schedule::{RubySchedule, read_ruby, read_ruby_interval};

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

#[test]
fn intervals_of_a_ruby_file_are_as_long_as_for_fugit() {
    let same = [
        ("1h", "1h"),
        ("90", "90s"),
        ("PT30M", "30m"),
        ("P1DT2H", "1d2h"),
        ("1.5h", "90m"),
        ("1 hour and 30 minutes", "1h30m"),
        ("1 hour, 30 minutes", "1h30m"),
        ("1 h 30m", "1h30m"),
        ("1min30s", "90s"),
        ("1 Day", "1d"),
        (" 45 secs ", "45s"),
        ("1w2d", "9d"),
    ];
    for (written, meant) in same {
        let read = read_ruby_interval(written).map(|read| Schedule::parse(&read.schedule, None).expect("it is ours"));
        let meant = Schedule::parse(&format!("every {meant}"), None).expect("it is ours");
        let start: Timestamp = DateTime::parse_from_rfc3339("2026-01-30T00:00:00Z").expect("a time").into();
        assert_eq!(read.map(|read| read.next_after(start)), Ok(meant.next_after(start)), "{written}");
    }
    for refused in ["1 month", "2M", "1y", "P1Y", "P2M", "", "h", "5 apples", "1h-10m", "-5m", "0s", "1 or 2 hours"] {
        assert!(read_ruby_interval(refused).is_err(), "{refused}");
    }
}
