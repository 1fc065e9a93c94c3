//! The longest duration of a configuration file, and the public function that reads one.

use std::time::Duration;

use jobs_core::Error;
use jobs_syntax::duration::{self, DurationError};

/// A hundred years. Stores add durations to dates, and the sum must stay a date.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Reads a duration of at most a hundred years.
pub(crate) fn parse(text: &str) -> Result<Duration, DurationError> {
    duration::parse(text, LONGEST)
}

/// Reads a duration as configuration files write it: `500ms`, `30s`, `5m`, `1h30m`, `1.5h`, `2d`, up to a hundred years.
///
/// # Errors
/// The text is not a duration, or a longer one.
pub fn parse_duration(text: &str) -> Result<Duration, Error> {
    parse(text).map_err(|error| {
        Error::invalid(match error {
            DurationError::TooLong { text, .. } => format!("`{text}` is longer than a hundred years"),
            other => other.to_string(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_years_are_accepted_and_more_is_refused() {
        assert_eq!(parse_duration("36500d").ok(), Some(LONGEST));
        for text in ["36501d", "36500d1ms", "99999999999999999999s", "18446744073709551615ms", "18446744073709551615d"]
        {
            let message = parse_duration(text).unwrap_err().to_string();
            assert_eq!(message, format!("`{text}` is longer than a hundred years"));
        }
    }

    #[test]
    fn what_is_not_a_duration_is_told_the_forms() {
        for text in ["", "5 s", "-5s", "٥s", "5s "] {
            assert!(parse_duration(text).unwrap_err().to_string().contains("`1h30m`"), "{text}");
        }
        assert!(parse_duration("5").unwrap_err().to_string().contains("write `5s`"));
    }
}
