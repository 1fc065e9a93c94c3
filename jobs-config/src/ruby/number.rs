//! Numbers as Ruby's files have them. Each says what is wrong and gives nothing then.

use std::ops::RangeInclusive;
use std::time::Duration;

use crate::node::{Kind, Node};
use crate::reading::Reading;

/// A whole number in this range, also one in quotes.
pub(crate) fn count(reading: &mut Reading<'_>, key: &str, node: &Node, range: RangeInclusive<u32>) -> Option<u32> {
    let number = match &node.kind {
        Kind::Whole(number) => u32::try_from(*number).ok(),
        Kind::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    let number = number.filter(|number| range.contains(number));
    if number.is_none() {
        let what = format!("a whole number from {} to {}", range.start(), range.end());
        reading.wrong(key, &what, node, "");
    }
    number
}

/// A whole number, also one below nothing.
pub(crate) fn integer(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<i32> {
    let number = match &node.kind {
        Kind::Whole(number) => i32::try_from(*number).ok(),
        Kind::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    // The least has no counterpart above nothing.
    let number = number.filter(|number| *number != i32::MIN);
    if number.is_none() {
        reading.wrong(key, "a whole number", node, "");
    }
    number
}

/// A hundred years. Stores add durations to dates, which must stay dates.
const LONGEST: f64 = 100.0 * 365.0 * 86_400.0;

/// Seconds, also with a fraction.
pub(crate) fn seconds(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<Duration> {
    let number = match &node.kind {
        // A number that is not told exactly is far too large anyway.
        Kind::Whole(number) => number.to_string().parse().ok(),
        Kind::Fraction(number) => Some(*number),
        Kind::Text(text) => text.trim().parse().ok(),
        _ => None,
    };
    let span = number.filter(|number: &f64| (0.0..=LONGEST).contains(number));
    if span.is_none() {
        reading.wrong(key, "a number of seconds such as `25` or `0.1`, up to a hundred years", node, "");
    }
    span.map(Duration::from_secs_f64)
}

/// Seconds, and some of them.
pub(crate) fn interval(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<Duration> {
    let span = seconds(reading, key, node)?;
    if span < Duration::from_millis(1) {
        reading.fault(node.place, format!("`{key}` is a millisecond at least; write `1` for a second"));
        return None;
    }
    Some(span)
}
