//! Parses the time at which a job is to run, as users enter it.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime};
use jobs_core::{Due, Timestamp};

use crate::error::HttpError;
use crate::request::fields::Fields;

/// A hundred years. Stores add durations to dates, and the sum has to stay a valid date.
const MAX_SECONDS: u64 = 100 * 365 * 86_400;

/// The units that a form offers, in seconds.
pub(crate) const UNITS: [(&str, u64); 4] = [("seconds", 1), ("minutes", 60), ("hours", 3600), ("days", 86_400)];

/// Parses the fields `in` with `unit`, or `at`.
///
/// # Errors
/// Both or neither of the fields are given, or a value is not valid.
pub(crate) fn due_time(fields: &Fields) -> Result<Due, HttpError> {
    match (fields.value("in"), fields.value("at")) {
        (Some(_), Some(_)) => Err(HttpError::invalid("Enter either a duration or a time, not both.")),
        (None, None) => Err(HttpError::invalid("Enter when the job is to run: a duration from now, or a time.")),
        (Some(number), None) => duration(number, fields.value("unit").unwrap_or("seconds")),
        (None, Some(at)) => timestamp(at).map(Due::At),
    }
}

fn duration(number: &str, unit: &str) -> Result<Due, HttpError> {
    let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, seconds)| *seconds);
    let seconds = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
    let seconds = seconds.ok_or_else(|| HttpError::invalid(format!("`{number} {unit}` is not a valid duration.")))?;
    if seconds > MAX_SECONDS {
        return Err(HttpError::invalid("The time is more than a hundred years from now."));
    }
    Ok(Due::In(Duration::from_secs(seconds)))
}

/// Parses a time with a zone, or a time in UTC without one.
pub(crate) fn timestamp(text: &str) -> Result<Timestamp, HttpError> {
    let zoned = DateTime::parse_from_rfc3339(text).map(Timestamp::from);
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"].into_iter();
    let mut utc = formats.filter_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    zoned.ok().or_else(|| utc.next().map(|time| time.and_utc().into())).ok_or_else(|| {
        HttpError::invalid(format!(
            "`{text}` is not a valid time; write it as `2026-01-31T08:00` for UTC, or with a zone."
        ))
    })
}
