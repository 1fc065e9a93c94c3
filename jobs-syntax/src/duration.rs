//! Durations as people write them: `500ms`, `30s`, `1h30m`, `1.5h`, `2d`.
//!
//! A duration is one or more parts of a number and a unit. Each unit occurs at most once, larger units first; a number
//! may have a decimal fraction. All arithmetic is in whole microseconds, which is what stores keep.

use std::fmt;
use std::time::Duration;

use crate::spelling::shortened;

/// The units from large to small, with their microseconds.
const UNITS: [(&str, u64); 7] = [
    ("w", 604_800_000_000),
    ("d", 86_400_000_000),
    ("h", 3_600_000_000),
    ("m", 60_000_000),
    ("s", 1_000_000),
    ("ms", 1_000),
    ("us", 1),
];

/// More digits than this after the point are never a whole number of microseconds.
const FRACTION_DIGITS: usize = 13;

/// Why a text is not a duration, or not one of the allowed length. Its text says what to write instead.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DurationError {
    /// The text is empty or has another form.
    Malformed {
        /// The text.
        text: String,
    },
    /// A number has no unit.
    MissingUnit {
        /// The text.
        text: String,
    },
    /// A unit is unknown.
    UnknownUnit {
        /// The unit.
        unit: String,
    },
    /// A unit occurs twice, or after a smaller one.
    WrongOrder {
        /// The text.
        text: String,
    },
    /// The text has a fraction of a microsecond.
    TooFine {
        /// The text.
        text: String,
    },
    /// The duration is longer than the caller allows.
    TooLong {
        /// The text.
        text: String,
        /// The longest duration that the caller allows.
        longest: Duration,
    },
}

impl fmt::Display for DurationError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { text } => {
                write!(f, "`{}` is not a duration; write `30s`, `500ms` or `1h30m`", shortened(text).escape_debug())
            }
            Self::MissingUnit { text } => {
                let text = shortened(text);
                write!(f, "`{text}` has no unit; write `{text}s` for seconds (units: {})", units())
            }
            Self::UnknownUnit { unit } => {
                write!(f, "`{}` is not a unit of time; the units are {}", shortened(unit), units())
            }
            Self::WrongOrder { text } => {
                let text = shortened(text);
                write!(f, "`{text}` has its units out of order; write each unit once, larger ones first, as `1h30m`")
            }
            Self::TooFine { text } => {
                write!(f, "`{}` has a fraction of a microsecond; write fewer digits", shortened(text))
            }
            Self::TooLong { text, longest } => {
                let text = shortened(text);
                write!(f, "`{text}` is too long for a duration, which is at most `{}`", compact(*longest))
            }
        }
    }
}

impl std::error::Error for DurationError {}

/// Reads a duration that is not longer than `longest`.
///
/// # Errors
/// The text is not a duration, or a longer one.
pub fn parse(text: &str, longest: Duration) -> Result<Duration, DurationError> {
    let too_long = || DurationError::TooLong { text: text.to_owned(), longest };
    let mut units = UNITS.iter();
    let mut rest = text;
    let mut micros: u128 = 0;
    while !rest.is_empty() || text.is_empty() {
        let (number, unit, next) =
            first_part(rest).ok_or_else(|| DurationError::Malformed { text: text.to_owned() })?;
        // The iterator continues after the unit that it found, so only smaller units are left for the next part.
        let factor = units.find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let factor = factor.ok_or_else(|| wrong_unit(text, unit))?;
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let part = fraction_micros(fraction, factor).ok_or_else(|| DurationError::TooFine { text: text.to_owned() })?;
        let sum = whole_micros(whole, factor).and_then(|whole| micros.checked_add(whole)?.checked_add(part));
        micros = sum.ok_or_else(too_long)?;
        rest = next;
    }
    from_micros(micros).filter(|duration| *duration <= longest).ok_or_else(too_long)
}

/// Writes a duration in the shortest form that [`parse`] reads, without weeks: `1h30m`. Cuts what is finer than a
/// microsecond.
pub fn compact(duration: Duration) -> String {
    let mut rest = duration.as_micros();
    let mut text = String::new();
    for (unit, factor) in UNITS.iter().filter(|(unit, _)| *unit != "w") {
        let factor = u128::from(*factor);
        if rest >= factor {
            text.extend([&(rest / factor).to_string(), *unit]);
            rest %= factor;
        }
    }
    if text.is_empty() { "0s".to_owned() } else { text }
}

/// The number and the unit, which may be missing at the end, that a text begins with, and the rest of the text.
fn first_part(text: &str) -> Option<(&str, &str, &str)> {
    let (number, after) = split(text, |c| c.is_ascii_digit() || c == '.');
    let (unit, rest) = split(after, char::is_alphabetic);
    let is_number = number.matches('.').count() <= 1 && number.contains(|c: char| c.is_ascii_digit());
    (is_number && (!unit.is_empty() || rest.is_empty())).then_some((number, unit, rest))
}

/// The text up to the first character that is not one of these, and the rest.
fn split(text: &str, is_one: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !is_one(c)).unwrap_or(text.len()))
}

fn wrong_unit(text: &str, unit: &str) -> DurationError {
    if unit.is_empty() {
        DurationError::MissingUnit { text: text.to_owned() }
    } else if UNITS.iter().any(|(name, _)| *name == unit) {
        DurationError::WrongOrder { text: text.to_owned() }
    } else {
        DurationError::UnknownUnit { unit: unit.to_owned() }
    }
}

/// The microseconds of a whole number; `None` if there are too many to count.
fn whole_micros(digits: &str, factor: u64) -> Option<u128> {
    let number: u128 = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    number.checked_mul(factor.into())
}

/// The microseconds of the digits after the point; `None` if that is not a whole number.
fn fraction_micros(digits: &str, factor: u64) -> Option<u128> {
    let digits = digits.trim_end_matches('0');
    if digits.is_empty() {
        return Some(0);
    }
    let scale = 10_u128.pow(u32::try_from(digits.len()).ok().filter(|_| digits.len() <= FRACTION_DIGITS)?);
    let scaled = digits.parse::<u128>().ok()? * u128::from(factor);
    scaled.is_multiple_of(scale).then_some(scaled / scale)
}

fn from_micros(micros: u128) -> Option<Duration> {
    let seconds = u64::try_from(micros / 1_000_000).ok()?;
    let rest = u32::try_from(micros % 1_000_000).ok()?;
    Some(Duration::new(seconds, rest * 1_000))
}

/// The units from small to large, for messages.
fn units() -> String {
    UNITS.iter().rev().map(|(unit, _)| *unit).collect::<Vec<_>>().join(", ")
}
