//! Spans and times, read and written.

use std::time::Duration;

use chrono::DateTime;
use jobs::Timestamp;
pub(crate) use jobs::spoken;

/// Reads `500ms`, `30s`, `1h30m`, `2d`.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    jobs::config::parse_duration(text).map_err(|error| error.to_string())
}

/// Reads `2026-01-31T08:00:00Z`.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    let time = DateTime::parse_from_rfc3339(text);
    time.map(Timestamp::from).map_err(|_| format!("`{text}` is no time; write it as `2026-01-31T08:00:00Z`"))
}

/// How long ago something was, or how long it is till then.
pub(crate) fn seen_from(now: Timestamp, time: Timestamp) -> String {
    if time > now { format!("in {}", spoken(time.since(now))) } else { format!("{} ago", spoken(now.since(time))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_seen_from_the_present() {
        let now = Timestamp::from_micros(0);
        assert_eq!(seen_from(now, now.after(Duration::from_secs(60))), "in 1m 0s");
        assert_eq!(seen_from(now.after(Duration::from_secs(5)), now), "5.0s ago");
    }
}
