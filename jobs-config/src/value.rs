//! Values by kind. Each says what is wrong and gives nothing then.

use std::ops::RangeInclusive;
use std::time::Duration;

use jobs_syntax::duration::DurationError;
use jobs_syntax::size;

use crate::duration;
use crate::node::{Kind, Node};
use crate::reading::Reading;

const DURATION: &str = "a duration such as `500ms`, `30s`, `5m`, `1h30m` or `2d`";
const SIZE: &str = "a size such as `512KB`, `1MB` or `2GB`";

pub(crate) fn text(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<String> {
    let advice = match &node.kind {
        Kind::Text(text) => return reading.expand(node, text),
        Kind::Bool(_) | Kind::Whole(_) | Kind::Fraction(_) => "; put it in quotes",
        Kind::Empty | Kind::List(_) | Kind::Mapping(_) => "",
    };
    reading.wrong(key, "text", node, advice);
    None
}

/// Text that may be secret, so that what is there instead is not shown.
pub(crate) fn secret(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<String> {
    if let Kind::Text(text) = &node.kind {
        return reading.expand(node, text);
    }
    reading.fault(node.place, format!("`{key}` is text; put it in quotes"));
    None
}

pub(crate) fn whole<T: TryFrom<i128>>(
    reading: &mut Reading<'_>,
    key: &str,
    node: &Node,
    range: RangeInclusive<u32>,
) -> Option<T> {
    let what = format!("a whole number from {} to {}", range.start(), range.end());
    let (number, advice) = match &node.kind {
        Kind::Whole(number) => (Some(*number), ""),
        Kind::Text(text) if text.contains("${") => (reading.expand(node, text)?.parse().ok(), ""),
        Kind::Text(text) if text.parse::<i128>().is_ok() => (None, "; leave the quotes away"),
        _ => (None, ""),
    };
    let in_range = |number: &i128| (i128::from(*range.start())..=i128::from(*range.end())).contains(number);
    let fits = number.filter(in_range).and_then(|number| T::try_from(number).ok());
    if fits.is_none() {
        reading.wrong(key, &what, node, advice);
    }
    fits
}

/// A count from 1.
pub(crate) fn count<T: TryFrom<i128>>(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<T> {
    whole(reading, key, node, 1..=u32::MAX)
}

/// A duration, also none.
pub(crate) fn span(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<Duration> {
    let advice = match &node.kind {
        Kind::Text(text) => match duration::parse(&reading.expand(node, text)?) {
            Ok(span) => return Some(span),
            Err(DurationError::TooLong { .. }) => "; it may be a hundred years at most",
            Err(DurationError::MissingUnit { text }) => &format!("; did you mean `{text}s`?"),
            Err(DurationError::WrongOrder { .. }) => "; write each unit once, larger ones first",
            Err(DurationError::TooFine { .. }) => "; it has a fraction of a microsecond",
            Err(_) => "",
        },
        Kind::Whole(number) if *number >= 0 => &format!("; did you mean `{number}s`?"),
        _ => "",
    };
    reading.wrong(key, DURATION, node, advice);
    None
}

/// A duration of some length.
pub(crate) fn interval(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<Duration> {
    let span = span(reading, key, node)?;
    if span.is_zero() {
        reading.fault(node.place, format!("`{key}` is longer than nothing; write `1s` or another duration"));
        return None;
    }
    Some(span)
}

pub(crate) fn bytes(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<usize> {
    let (bytes, advice) = match &node.kind {
        Kind::Text(text) => (size_of(&reading.expand(node, text)?), String::new()),
        Kind::Whole(number) if *number > 0 => (None, format!("; did you mean `{number}B`?")),
        _ => (None, String::new()),
    };
    let bytes = bytes.filter(|bytes| *bytes > 0);
    if bytes.is_none() {
        reading.wrong(key, SIZE, node, &advice);
    }
    bytes
}

fn size_of(text: &str) -> Option<usize> {
    size::parse(text).and_then(|bytes| usize::try_from(bytes).ok())
}
