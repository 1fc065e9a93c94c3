//! The next instant of a cron line in a zone, where clocks are set forward and back.
//!
//! Instants are seconds since 1970 UTC.

use chrono::offset::LocalResult;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Offset, TimeZone, Timelike};
use chrono_tz::Tz;
use jobs_syntax::schedule::{Cron, Local};

/// The first instant after this one that the line names.
pub(crate) fn next(cron: &Cron, zone: Tz, after: i64) -> Option<i64> {
    if cron.is_steady() { next_steady(cron, zone, after) } else { next_fixed(cron, zone, after) }
}

/// By the clock on the wall: each time counts once, at its first coming or at the end of the gap that swallowed it.
fn next_fixed(cron: &Cron, zone: Tz, after: i64) -> Option<i64> {
    let mut local = local(after.checked_add(offset(zone, after)?)?)?;
    loop {
        local = cron.next(local)?;
        let at = instant(zone, local)?;
        if at > after {
            return Some(at);
        }
    }
}

/// By the passing of time: a gap is passed over, and what comes twice counts twice.
fn next_steady(cron: &Cron, zone: Tz, after: i64) -> Option<i64> {
    let mut from = after;
    let mut offset_here = offset(zone, from)?;
    loop {
        let next = seconds(cron.next(local(from.checked_add(offset_here)?)?)?)?;
        let at = next.checked_sub(offset_here)?;
        let Some(change) = first_change(zone, from, at, offset_here)? else { return Some(at) };
        // From here on the clocks show something else; the change itself counts already.
        (from, offset_here) = (change - 1, offset(zone, change)?);
    }
}

/// The first instant in (from, until] at which the zone is no longer this far from UTC.
#[expect(clippy::option_option, reason = "the outer one is the end of the calendar")]
fn first_change(zone: Tz, from: i64, until: i64, offset_here: i64) -> Option<Option<i64>> {
    const DAY: i64 = 86_400;
    let mut same = from;
    while same < until {
        let mut other = same.saturating_add(DAY).min(until);
        if offset(zone, other)? == offset_here {
            same = other;
            continue;
        }
        while other - same > 1 {
            let middle = same + (other - same) / 2;
            if offset(zone, middle)? == offset_here { same = middle } else { other = middle }
        }
        return Some(Some(other));
    }
    Some(None)
}

/// When the clocks show this first; where they never do, when they have passed it.
fn instant(zone: Tz, local: Local) -> Option<i64> {
    let naive = naive(local)?;
    match zone.from_local_datetime(&naive) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.timestamp()),
        LocalResult::None => end_of_gap(zone, naive.and_utc().timestamp()),
    }
}

/// The first instant at which the clocks have passed what they left out.
fn end_of_gap(zone: Tz, shown: i64) -> Option<i64> {
    // No zone is, or was, further than this from UTC.
    const FAR: i64 = 16 * 3600;
    let (mut before, mut past) = (shown.checked_sub(FAR)?, shown.checked_add(FAR)?);
    while past - before > 1 {
        let middle = before + (past - before) / 2;
        if middle + offset(zone, middle)? > shown { past = middle } else { before = middle }
    }
    Some(past)
}

/// Seconds east of UTC.
fn offset(zone: Tz, at: i64) -> Option<i64> {
    let utc = DateTime::from_timestamp(at, 0)?.naive_utc();
    Some(i64::from(zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()))
}

fn local(shown: i64) -> Option<Local> {
    let at = DateTime::from_timestamp(shown, 0)?.naive_utc();
    let (year, month, day) = (at.year(), at.month(), at.day());
    Some(Local { hour: at.hour(), minute: at.minute(), second: at.second(), ..Local::midnight(year, month, day) })
}

fn naive(local: Local) -> Option<NaiveDateTime> {
    NaiveDate::from_ymd_opt(local.year, local.month, local.day)?.and_hms_opt(local.hour, local.minute, local.second)
}

fn seconds(local: Local) -> Option<i64> {
    Some(naive(local)?.and_utc().timestamp())
}
