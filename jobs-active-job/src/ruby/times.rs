//! Dates, times and durations.

use chrono::{DateTime as ChronoTime, FixedOffset, NaiveDate, Offset, SecondsFormat, TimeZone};
use jobs_core::Error;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use super::by_value;
use crate::Value;

/// A `Date`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct Date(pub NaiveDate);

/// A `Time` with its offset, to the nanosecond. It is read from every kind of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct Time(pub ChronoTime<FixedOffset>);

/// A `DateTime` with its offset, to the nanosecond. It is read from every kind of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct DateTime(pub ChronoTime<FixedOffset>);

/// A time in a zone of the time zone database, to the nanosecond. It is read from every kind of time; another kind, and
/// what Rails before 7.2 wrote, has no zone.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
#[non_exhaustive]
pub struct ZonedTime {
    /// The time, with the offset of the zone at that time.
    pub time: ChronoTime<FixedOffset>,
    /// The name of the zone: `America/New_York`, `Etc/UTC`.
    pub zone: Option<String>,
}

impl Time {
    /// This point in time, with its offset.
    pub fn new<Z: TimeZone>(time: &ChronoTime<Z>) -> Self {
        Self(time.with_timezone(&time.offset().fix()))
    }
}

impl ZonedTime {
    /// This point in time, with its offset, in the zone of this name.
    pub fn new<Z: TimeZone>(time: &ChronoTime<Z>, zone: impl Into<String>) -> Self {
        Self { time: Time::new(time).0, zone: Some(zone.into()) }
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date.0.format("%Y-%m-%d").to_string())
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::Time(iso8601(&time.0, true))
    }
}

impl From<DateTime> for Value {
    fn from(time: DateTime) -> Self {
        Self::DateTime(iso8601(&time.0, false))
    }
}

impl From<ZonedTime> for Value {
    fn from(ZonedTime { time, zone }: ZonedTime) -> Self {
        Self::ZonedTime { time: iso8601(&time, true), zone }
    }
}

/// Nine digits of a second, as Ruby writes them. Ruby writes UTC as `Z`, and for a `DateTime` as `+00:00`.
fn iso8601(time: &ChronoTime<FixedOffset>, utc_is_z: bool) -> String {
    time.to_rfc3339_opts(SecondsFormat::Nanos, utc_is_z)
}

fn read_time(text: &str) -> Option<ChronoTime<FixedOffset>> {
    ChronoTime::parse_from_rfc3339(text).ok()
}

by_value!(Date, "a date", Value::Date(date) => read_date(date), read_date);
by_value!(
    Time,
    "a time",
    Value::Time(time) | Value::DateTime(time) | Value::ZonedTime { time, .. } => read_time(time).map(Self),
    |text: &str| read_time(text).map(Self)
);
by_value!(
    DateTime,
    "a time",
    Value::Time(time) | Value::DateTime(time) | Value::ZonedTime { time, .. } => read_time(time).map(Self),
    |text: &str| read_time(text).map(Self)
);

impl TryFrom<Value> for ZonedTime {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self, Error> {
        let zone = match &value {
            Value::ZonedTime { zone, .. } => zone.clone(),
            _ => None,
        };
        Time::try_from(value).map(|time| Self { time: time.0, zone })
    }
}

fn read_date(text: &str) -> Option<Date> {
    text.parse().ok().map(Date)
}

/// A duration such as `1.month`: its seconds, and the parts that calendars need. It is read from a duration and from a
/// number of seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(into = "Value", try_from = "Value")]
pub struct Duration {
    seconds: Box<RawValue>,
    parts: Vec<(String, Box<RawValue>)>,
}

impl Duration {
    /// Whole seconds.
    pub fn from_secs(seconds: i64) -> Self {
        let number = raw(seconds);
        Self { seconds: number.clone(), parts: vec![("seconds".to_owned(), number)] }
    }

    /// A duration with these parts, `[("months", 1)]`, of which Ruby counts so many seconds. A month has 2,629,746 seconds,
    /// a year 31,556,952.
    pub fn of_parts<'a>(seconds: i64, parts: impl IntoIterator<Item = (&'a str, i64)>) -> Self {
        let parts = parts.into_iter().map(|(unit, number)| (unit.to_owned(), raw(number))).collect();
        Self { seconds: raw(seconds), parts }
    }

    /// The seconds, nearly if they have a fraction that no binary number has.
    pub fn as_secs_f64(&self) -> f64 {
        number(&self.seconds)
    }

    /// Its parts in order: units as `months`, and how many of them.
    pub fn parts(&self) -> impl Iterator<Item = (&str, f64)> {
        self.parts.iter().map(|(unit, count)| (unit.as_str(), number(count)))
    }
}

fn raw(number: i64) -> Box<RawValue> {
    to_raw_value(&number).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

fn number(raw: &RawValue) -> f64 {
    raw.get().parse().unwrap_or_default()
}

/// The same seconds and parts, by their texts.
impl PartialEq for Duration {
    fn eq(&self, other: &Self) -> bool {
        let text = |duration: &Self| {
            let parts: Vec<_> =
                duration.parts.iter().map(|(unit, number)| (unit.clone(), number.get().to_owned())).collect();
            (duration.seconds.get().to_owned(), parts)
        };
        text(self) == text(other)
    }
}

impl From<Duration> for Value {
    fn from(Duration { seconds, parts }: Duration) -> Self {
        Self::Duration { seconds, parts }
    }
}

impl TryFrom<Value> for Duration {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self, Error> {
        match value {
            Value::Duration { seconds, parts } => Ok(Self { seconds, parts }),
            Value::Plain(raw) if raw.get().parse::<f64>().is_ok() => {
                Ok(Self { parts: vec![("seconds".to_owned(), raw.clone())], seconds: raw })
            }
            _ => Err(Error::invalid("expected a duration or a number of seconds")),
        }
    }
}
