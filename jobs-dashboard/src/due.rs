//! When a job is to run, as a person says it in a form.

use std::time::Duration;

use chrono::{DateTime, NaiveDateTime};
use jobs_core::{Due, Timestamp};

use crate::failure::Failure;
use crate::fields::Fields;

/// A hundred years. Stores add spans to dates, which must stay dates.
const LONGEST: u64 = 100 * 365 * 86_400;

/// The units of a form, with their seconds.
pub(crate) const UNITS: [(&str, u64); 4] = [("seconds", 1), ("minutes", 60), ("hours", 3600), ("days", 86_400)];

/// What a form says: so long from now, or a point in UTC.
pub(crate) fn due(fields: &Fields) -> Result<Due, Failure> {
    match (fields.value("in"), fields.value("at")) {
        (Some(_), Some(_)) => Err(Failure::invalid("Say either how long from now, or a point in time.")),
        (None, None) => Err(Failure::invalid("Say when the job is to run: how long from now, or a point in time.")),
        (Some(number), None) => {
            let unit = fields.value("unit").unwrap_or("seconds");
            let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, seconds)| *seconds);
            let seconds =
                number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
            span(seconds.ok_or_else(|| Failure::invalid(format!("`{number} {unit}` is no span of time.")))?)
        }
        (None, Some(at)) => point(at).map(Due::At),
    }
}

/// So many seconds from now.
pub(crate) fn span(seconds: u64) -> Result<Due, Failure> {
    if seconds > LONGEST {
        return Err(Failure::invalid("That is more than a hundred years away."));
    }
    Ok(Due::In(Duration::from_secs(seconds)))
}

/// A point in time: with a zone, or without one in UTC.
pub(crate) fn point(text: &str) -> Result<Timestamp, Failure> {
    let zoned = DateTime::parse_from_rfc3339(text).map(Timestamp::from);
    let plain = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"].into_iter();
    let mut plain = plain.filter_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    zoned.ok().or_else(|| plain.next().map(|time| time.and_utc().into())).ok_or_else(|| {
        Failure::invalid(format!(
            "`{text}` is no point in time; write it as `2026-01-31T08:00` for UTC, or with a zone."
        ))
    })
}
