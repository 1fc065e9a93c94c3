//! The axes of charts: round values up the side, times along the bottom.

use std::time::Duration;

use chrono::DateTime;
use jobs_core::{TimeRange, Timestamp};

/// The end of an axis from zero that this value fits on: a digit times a power of ten, of which the half is round too. Never zero.
pub(crate) fn round_end(highest: f64) -> f64 {
    if highest <= 0.0 || !highest.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(highest.log10().floor());
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|end| *end >= highest)
        .unwrap_or(10.0 * power)
}

/// The end of an axis of seconds: round in the unit in which durations of this size are shown.
pub(crate) fn round_end_of_seconds(highest: f64) -> f64 {
    const ROUND: [f64; 14] = [
        60.0, 120.0, 300.0, 600.0, 1200.0, 1800.0, 3600.0, 7200.0, 10_800.0, 21_600.0, 43_200.0, 86_400.0, 172_800.0,
        432_000.0,
    ];
    if highest <= 50.0 {
        return round_end(highest);
    }
    ROUND.into_iter().find(|end| *end >= highest).unwrap_or(highest)
}

/// A duration on an axis or as a value: `0`, `5ms`, `1.2s`, `5m`. Shorter than a millisecond it has its decimals.
pub(crate) fn duration(seconds: f64) -> String {
    let duration = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    match duration.as_micros() {
        0 => "0".to_owned(),
        1..1000 => format!("{:.2}ms", seconds * 1000.0),
        1000..10_000 => format!("{}ms", decimal(seconds * 1000.0)),
        10_000..1_000_000 => format!("{:.0}ms", seconds * 1000.0),
        1_000_000..60_000_000 => format!("{}s", decimal(seconds)),
        _ => jobs_core::format_duration(duration).trim_end_matches(" 0s").trim_end_matches(" 0m").to_owned(),
    }
}

/// A number with one decimal place, without it if it is zero.
fn decimal(number: f64) -> String {
    format!("{number:.1}").trim_end_matches(".0").to_owned()
}

/// A number of attempts or a rate on an axis.
pub(crate) fn count(value: f64) -> String {
    match value {
        value if value <= 0.0 => "0".to_owned(),
        value if value < 0.1 => format!("{value:.2}"),
        value if value < 10.0 => decimal(value),
        value if value < 100_000.0 => format!("{value:.0}"),
        value if value < 10_000_000.0 => format!("{:.0}k", value / 1000.0),
        value => format!("{:.0}M", value / 1_000_000.0),
    }
}

/// A time in UTC as a range shows it: the time of day, or the day of a week.
pub(crate) fn time_label(range: TimeRange, at: Timestamp) -> String {
    utc(at, if range == TimeRange::Week { "%a %-d" } else { "%H:%M" })
}

/// A time in UTC with its day.
pub(crate) fn whole_time(at: Timestamp) -> String {
    utc(at, "%Y-%m-%d %H:%M")
}

fn utc(at: Timestamp, format: &str) -> String {
    DateTime::from_timestamp_micros(at.as_micros()).map(|time| time.format(format).to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_ends_at_a_round_value() {
        for (highest, end) in [(0.0, 1.0), (0.7, 0.8), (1.0, 1.0), (2.2, 3.0), (51.0, 60.0), (0.012, 0.02)] {
            let found = round_end(highest);
            assert!((found - end).abs() < 1e-9, "{highest}: {found}");
        }
        assert!((round_end_of_seconds(70.0) - 120.0).abs() < 1e-9);
        assert!(round_end_of_seconds(1e9) >= 1e9);
    }

    #[test]
    fn durations_are_shown_in_one_unit_without_superfluous_digits() {
        for (seconds, text) in [
            (0.0, "0"),
            (0.000_25, "0.25ms"),
            (0.005, "5ms"),
            (0.0525, "52ms"),
            (2.0, "2s"),
            (1.25, "1.2s"),
            (120.0, "2m"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }
}
