//! Times in payloads: whole milliseconds since Sidekiq 8, seconds with a fraction before.

use jobs_core::Timestamp;
use serde_json::value::RawValue;

/// In which unit a fleet writes the times of payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeUnit {
    /// Whole milliseconds since 1970: Sidekiq 8 and newer.
    Milliseconds,
    /// Seconds since 1970 with a fraction: Sidekiq 7 and older.
    Seconds,
}

impl TimeUnit {
    /// The JSON text of a time.
    pub(crate) fn json(self, at: Timestamp) -> Box<RawValue> {
        let text = match self {
            Self::Milliseconds => at.as_millis().to_string(),
            Self::Seconds => format!("{:?}", seconds(at)),
        };
        // A number in decimal form is JSON.
        RawValue::from_string(text).unwrap_or_default()
    }
}

/// A time from its JSON text. The type of the number tells its unit: a float is seconds, an integer milliseconds. A number
/// in quotes is read like the number, since old versions of Sidekiq Pro wrote it so.
pub(crate) fn read(raw: &str) -> Option<Timestamp> {
    let text = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw);
    match text.parse::<i64>() {
        Ok(millis) => Some(Timestamp::from_micros(millis.saturating_mul(1000))),
        Err(_) => text.parse().ok().filter(|seconds: &f64| seconds.is_finite()).map(of_seconds),
    }
}

/// Whether a JSON text is a number that is a time: a larger one than Ruby can read is none.
pub(crate) fn is_number(raw: &str) -> bool {
    raw.parse::<f64>().is_ok_and(f64::is_finite)
}

/// A score of a sorted set as a time, to the microsecond.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
pub(crate) fn of_seconds(seconds: f64) -> Timestamp {
    Timestamp::from_micros((seconds * 1e6).round() as i64)
}

/// Seconds since 1970. A double holds the microseconds of our time exactly.
#[expect(clippy::cast_precision_loss, reason = "until the year 2255 all microseconds fit into 53 bits")]
pub(crate) fn seconds(at: Timestamp) -> f64 {
    at.as_micros() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_of_the_number_tells_the_unit() {
        let expected = Timestamp::from_micros(1_795_970_448_951_000);
        for raw in ["1795970448951", "1795970448.951", "\"1795970448.951\"", "1.795970448951e9"] {
            assert_eq!(read(raw), Some(expected), "{raw}");
        }
        assert_eq!(read("null"), None);
        assert_eq!(read("\"soon\""), None);
    }

    #[test]
    fn a_time_is_written_in_the_unit_of_the_fleet() {
        let at = Timestamp::from_micros(1_795_970_448_951_123);
        assert_eq!(TimeUnit::Milliseconds.json(at).get(), "1795970448951");
        assert_eq!(TimeUnit::Seconds.json(at).get(), "1795970448.951123");
        assert_eq!(TimeUnit::Seconds.json(Timestamp::from_micros(2_000_000)).get(), "2.0");
    }
}
