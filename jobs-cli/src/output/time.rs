//! Times and durations as a person reads them.

use jobs::Timestamp;
pub(crate) use jobs::time::format_duration;

/// How long ago a time was, or how long it is until then.
pub(crate) fn relative_time(now: Timestamp, time: Timestamp) -> String {
    if time > now {
        format!("in {}", format_duration(time.duration_since(now)))
    } else {
        format!("{} ago", format_duration(now.duration_since(time)))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_time_is_relative_to_now() {
        let now = Timestamp::from_micros(0);
        assert_eq!(relative_time(now, now + Duration::from_secs(60)), "in 1m 0s");
        assert_eq!(relative_time(now + Duration::from_secs(5), now), "5.0s ago");
    }
}
