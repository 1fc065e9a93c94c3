//! Reads numbers in the files of Ruby projects. Each function reports an error and returns `None` if the value is wrong.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::document::{Diagnostics, Kind, Node};

/// A whole number in this range, with or without quotes.
pub(crate) fn integer_in(
    diagnostics: &mut Diagnostics<'_>,
    key: &str,
    node: &Node,
    range: RangeInclusive<u32>,
) -> Option<u32> {
    let number = match &node.kind {
        Kind::Whole(number) => u32::try_from(*number).ok(),
        Kind::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.filter(|number| range.contains(number));
    if number.is_none() {
        let what = format!("a whole number from {} to {}", range.start(), range.end());
        diagnostics.mismatch(key, &what, node, "");
    }
    number
}

/// A whole number, which may be negative.
pub(crate) fn signed(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<i32> {
    let number = match &node.kind {
        Kind::Whole(number) => i32::try_from(*number).ok(),
        Kind::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    // Priorities are negated, and the smallest number has no positive counterpart.
    let number = number.filter(|number| *number != i32::MIN);
    if number.is_none() {
        diagnostics.mismatch(key, "a whole number", node, "");
    }
    number
}

/// A hundred years. Stores add durations to dates, and the sum must stay a date.
const LONGEST: f64 = 100.0 * 365.0 * 86_400.0;

/// A number of seconds, with or without a fraction.
pub(crate) fn seconds(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<Duration> {
    let number = match &node.kind {
        // A number that `f64` cannot represent exactly is over the limit anyway.
        Kind::Whole(number) => number.to_string().parse().ok(),
        Kind::Fraction(number) => Some(*number),
        Kind::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    let seconds = number.filter(|number: &f64| (0.0..=LONGEST).contains(number));
    if seconds.is_none() {
        diagnostics.mismatch(key, "a number of seconds such as `25` or `0.1`, up to a hundred years", node, "");
    }
    seconds.map(Duration::from_secs_f64)
}

/// A number of seconds that is at least a millisecond.
pub(crate) fn interval(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<Duration> {
    let interval = seconds(diagnostics, key, node)?;
    if interval < Duration::from_millis(1) {
        diagnostics.error(node.location, format!("`{key}` is at least a millisecond; write `1` for a second"));
        return None;
    }
    Some(interval)
}
