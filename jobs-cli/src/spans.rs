//! Spans and times, read and written.

use std::time::Duration;

use chrono::DateTime;
use jobs::Timestamp;

/// Reads `500ms`, `30s`, `1h30m`, `2d`.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    jobs::config::parse_duration(text).map_err(|error| error.to_string())
}

/// Reads `2026-01-31T08:00:00Z`.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    let time = DateTime::parse_from_rfc3339(text);
    time.map(Timestamp::from).map_err(|_| format!("`{text}` is no time; write it as `2026-01-31T08:00:00Z`"))
}

/// A span as a person says it, in at most two units: `1.2s`, `5m 3s`, `2d 4h`.
pub(crate) fn spoken(span: Duration) -> String {
    let seconds = span.as_secs();
    match seconds {
        0 => format!("{}ms", span.as_millis()),
        1..60 => format!("{:.1}s", span.as_secs_f64()),
        60..3600 => format!("{}m {}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {}m", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{}d {}h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

/// How long ago something was, or how long it is till then.
pub(crate) fn seen_from(now: Timestamp, time: Timestamp) -> String {
    if time > now { format!("in {}", spoken(time.since(now))) } else { format!("{} ago", spoken(now.since(time))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_spoken_in_two_units_at_most() {
        for (millis, words) in [
            (0, "0ms"),
            (999, "999ms"),
            (1_250, "1.2s"),
            (303_000, "5m 3s"),
            (7_260_000, "2h 1m"),
            (187_200_000, "2d 4h"),
        ] {
            assert_eq!(spoken(Duration::from_millis(millis)), words);
        }
    }

    #[test]
    fn a_time_is_seen_from_the_present() {
        let now = Timestamp::from_micros(0);
        assert_eq!(seen_from(now, now.after(Duration::from_secs(60))), "in 1m 0s");
        assert_eq!(seen_from(now.after(Duration::from_secs(5)), now), "5.0s ago");
    }
}
