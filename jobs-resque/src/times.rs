//! Times as Resque writes them: ISO 8601 of heartbeats and running jobs, Ruby's own form, and slashes in failure records.

use chrono::format::{Parsed, StrftimeItems, parse};
use chrono::{DateTime, FixedOffset, NaiveDateTime, Utc};
use jobs_core::Timestamp;

const HEARTBEAT: &str = "%Y-%m-%dT%H:%M:%S+00:00";
const STARTED: &str = "%Y-%m-%d %H:%M:%S +0000";
const RUN_AT: &str = "%Y-%m-%dT%H:%M:%SZ";
const FAILED_AT: &str = "%Y/%m/%d %H:%M:%S UTC";

/// The time of a heartbeat in `workers:heartbeat`, in seconds: `2026-11-29T16:45:14+00:00`.
pub fn heartbeat_text(at: Timestamp) -> String {
    text(at, HEARTBEAT)
}

/// The time in `worker:<id>:started`, in seconds: `2026-11-29 16:45:14 +0000`.
pub fn started_text(at: Timestamp) -> String {
    text(at, STARTED)
}

/// The time of a running job: `2026-11-29T16:45:14Z`.
pub(crate) fn run_at_text(at: Timestamp) -> String {
    text(at, RUN_AT)
}

/// The time of a failure record: `2026/11/29 16:45:14 UTC`.
pub(crate) fn failed_at_text(at: Timestamp) -> String {
    text(at, FAILED_AT)
}

fn text(at: Timestamp, format: &str) -> String {
    DateTime::<Utc>::from_timestamp_micros(at.as_micros()).unwrap_or_default().format(format).to_string()
}

/// Reads a time in any form that Resque, its plugins and their pages write; `None` if it is in none of them.
///
/// A zone is an offset (`+0200`, `+02:00`, `Z`) or a name that Ruby's `Time.parse` knows: `UTC`, `GMT` and those of North
/// America. A time with another name, or without a zone as Resque 2 writes `retried_at`, is taken as UTC: the text does not
/// tell which zone the machine of the worker had.
pub fn read_time(text: &str) -> Option<Timestamp> {
    let (date_time, zone) = text.trim().split_at_checked(19)?;
    let date_time = date_time.replace('/', "-").replace('T', " ");
    let local = NaiveDateTime::parse_from_str(&date_time, "%Y-%m-%d %H:%M:%S").ok()?;
    let (fraction, zone) = split_fraction(zone)?;
    let utc = local.and_utc().timestamp() - offset(zone.trim())?;
    Some(Timestamp::from_micros(utc.checked_mul(1_000_000)?.checked_add(fraction)?))
}

/// The microseconds of a text that may begin with a fraction, as `.25`, and what follows.
fn split_fraction(text: &str) -> Option<(i64, &str)> {
    let Some(rest) = text.strip_prefix('.') else { return Some((0, text)) };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (digits, zone) = rest.split_at(end);
    let micros = format!("{digits:0<6}").get(..6)?.parse().ok()?;
    Some((micros, zone))
}

/// The seconds that this zone is before UTC; `None` if it is no zone.
fn offset(zone: &str) -> Option<i64> {
    if let Ok(offset) = parse_offset(zone) {
        return Some(i64::from(offset.local_minus_utc()));
    }
    let hours = match zone {
        "EDT" => -4,
        "EST" | "CDT" => -5,
        "CST" | "MDT" => -6,
        "MST" | "PDT" => -7,
        "PST" => -8,
        _ => 0,
    };
    zone.chars().all(|c| c.is_ascii_alphabetic()).then_some(hours * 3_600)
}

fn parse_offset(zone: &str) -> chrono::ParseResult<FixedOffset> {
    let mut parsed = Parsed::new();
    parse(&mut parsed, zone, StrftimeItems::new("%#z"))?;
    parsed.to_fixed_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_micros(1_795_970_714_000_000);

    #[test]
    fn each_time_is_written_in_the_form_of_its_place_and_read_again() {
        assert_eq!(heartbeat_text(AT), "2026-11-29T16:45:14+00:00");
        assert_eq!(started_text(AT), "2026-11-29 16:45:14 +0000");
        assert_eq!(run_at_text(AT), "2026-11-29T16:45:14Z");
        assert_eq!(failed_at_text(AT), "2026/11/29 16:45:14 UTC");
        for text in [heartbeat_text(AT), started_text(AT), run_at_text(AT), failed_at_text(AT)] {
            assert_eq!(read_time(&text), Some(AT), "{text}");
        }
    }

    #[test]
    fn zones_are_offsets_or_names_and_a_fraction_is_kept() {
        for text in ["2026/11/29 17:45:14 +0100", "2026-11-29T11:15:14-05:30", "2026/11/29 11:45:14 EST"] {
            assert_eq!(read_time(text), Some(AT), "{text}");
        }
        assert_eq!(read_time("2026/11/29 16:45:14"), Some(AT), "Resque 2 writes no zone");
        assert_eq!(read_time("2026/11/29 16:45:14 CET"), Some(AT), "the zone of a machine that is not known");
        let quarter = Timestamp::from_micros(AT.as_micros() + 250_000);
        assert_eq!(read_time("2026-11-29T16:45:14.25Z"), Some(quarter));
        for text in
            ["", "soon", "2026/11/29", "2026/13/29 16:45:14 UTC", "2026/11/29 16:45:14 5 o'clock", "äöüäöüäöüäöüäöü"]
        {
            assert_eq!(read_time(text), None, "{text}");
        }
    }
}
