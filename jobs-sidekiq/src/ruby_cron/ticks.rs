//! Ticks as fugit reckons them, by which sidekiq-cron goes. Pure: no input, no output.
//!
//! Every instant at which the clocks show a time of the line is a tick. A time that a
//! night leaves out never comes, and one that comes twice counts twice.

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::Tz;
use jobs_core::{Error, RecurringTask, Schedule, Timestamp};

/// The last tick of a task after this time and until that one.
///
/// # Errors
/// The words of the task are no schedule; the error [is invalid](Error::is_invalid).
pub(super) fn last_tick(task: &RecurringTask, after: Timestamp, until: Timestamp) -> Result<Option<Timestamp>, Error> {
    let schedule = task.when()?;
    let zone = task.zone.as_deref().unwrap_or("UTC").parse::<Tz>();
    let (Ok(zone), Ok(shown)) = (zone, Schedule::parse(&task.schedule, Some("UTC"))) else {
        return Ok(schedule.last_between(after, until, 1).pop());
    };
    // What the clocks show, as if it was UTC; at most one change of the clocks lies between.
    let of_offset = |seconds: i64| {
        let ticks = shown.ticks_between(shifted(after, seconds), shifted(until, seconds));
        ticks.map(move |tick| shifted(tick, -seconds)).filter(move |tick| offset(zone, *tick) == seconds).last()
    };
    Ok([after, until].into_iter().filter_map(|at| of_offset(offset(zone, at))).max())
}

fn shifted(at: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_micros(at.as_micros().saturating_add(seconds * 1_000_000))
}

/// Seconds east of UTC.
fn offset(zone: Tz, at: Timestamp) -> i64 {
    let utc = DateTime::from_timestamp_micros(at.as_micros()).unwrap_or_default().naive_utc();
    i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from(DateTime::parse_from_rfc3339(text).unwrap())
    }

    /// The tick in the minute before this time.
    fn tick(line: &str, now: &str) -> bool {
        let task = RecurringTask::new("key", "Job", line).zone("Europe/Berlin");
        let now = at(now);
        last_tick(&task, shifted(now, -60), now).unwrap().is_some()
    }

    #[test]
    fn when_the_clocks_change_ticks_are_those_of_fugit() {
        // As fugit 1.14 answers: the clocks go from 02:00 to 03:00 at 01:00 UTC, and back from 03:00 to 02:00 at 01:00 UTC.
        for (line, now, is_tick) in [
            ("30 2 * * *", "2026-03-29T00:30:05Z", false),
            ("30 2 * * *", "2026-03-29T01:00:05Z", false),
            ("30 2 * * *", "2026-03-29T01:30:05Z", false),
            ("30 2 * * *", "2026-03-30T00:30:05Z", true),
            ("0 3 * * *", "2026-03-29T01:00:05Z", true),
            ("30 2 * * *", "2026-10-25T00:30:05Z", true),
            ("30 2 * * *", "2026-10-25T01:30:05Z", true),
            ("0 3 * * *", "2026-10-25T01:00:05Z", false),
            ("0 3 * * *", "2026-10-25T02:00:05Z", true),
            ("0 2 * * *", "2026-10-25T01:00:05Z", true),
            ("*/30 * * * *", "2026-10-25T01:00:05Z", true),
            ("*/30 * * * *", "2026-03-29T01:00:05Z", true),
        ] {
            assert_eq!(tick(line, now), is_tick, "{line} at {now}");
        }
    }
}
