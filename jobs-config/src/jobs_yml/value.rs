//! Reads values by kind. Each function reports an error and returns `None` if the value is wrong.

use std::ops::RangeInclusive;
use std::time::Duration;

use jobs_core::{Jitter, Timeout};
use jobs_syntax::duration::DurationError;

use crate::document::{Diagnostics, Kind, Node};
use crate::duration::parse;

const DURATION: &str = "a duration such as `500ms`, `30s`, `5m`, `1h30m` or `2d`";
const SIZE: &str = "a size such as `512KB`, `1MB` or `2GB`";

pub(crate) fn text(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<String> {
    let advice = match &node.kind {
        Kind::Text(text) => return diagnostics.expand(node, text),
        Kind::Bool(_) | Kind::Whole(_) | Kind::Fraction(_) => "; put it in quotes",
        Kind::Empty | Kind::List(_) | Kind::Mapping(_) => "",
    };
    diagnostics.mismatch(key, "text", node, advice);
    None
}

/// Text that may be secret. The message about another value does not quote it.
pub(crate) fn secret(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<String> {
    if let Kind::Text(text) = &node.kind {
        return diagnostics.expand(node, text);
    }
    diagnostics.error(node.location, format!("`{key}` is text; put it in quotes"));
    None
}

/// A whole number in a range.
pub(crate) fn integer<T: TryFrom<i128>>(
    diagnostics: &mut Diagnostics<'_>,
    key: &str,
    node: &Node,
    range: RangeInclusive<u32>,
) -> Option<T> {
    let what = format!("a whole number from {} to {}", range.start(), range.end());
    let (number, advice) = match &node.kind {
        Kind::Whole(number) => (Some(*number), ""),
        Kind::Text(text) if text.contains("${") => (diagnostics.expand(node, text)?.parse().ok(), ""),
        Kind::Text(text) if text.parse::<i128>().is_ok() => (None, "; remove the quotes"),
        _ => (None, ""),
    };
    let in_range = |number: &i128| (i128::from(*range.start())..=i128::from(*range.end())).contains(number);
    let fits = number.filter(in_range).and_then(|number| T::try_from(number).ok());
    if fits.is_none() {
        diagnostics.mismatch(key, &what, node, advice);
    }
    fits
}

/// A count from 1.
pub(crate) fn count<T: TryFrom<i128>>(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<T> {
    integer(diagnostics, key, node, 1..=u32::MAX)
}

/// A duration, which may be zero.
pub(crate) fn duration(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<Duration> {
    let advice = match &node.kind {
        Kind::Text(text) => match parse(&diagnostics.expand(node, text)?) {
            Ok(duration) => return Some(duration),
            Err(DurationError::TooLong { .. }) => "; it may be a hundred years at most",
            Err(DurationError::MissingUnit { text }) => &in_seconds(&text),
            Err(DurationError::WrongOrder { .. }) => "; write each unit once, larger ones first",
            Err(DurationError::TooFine { .. }) => "; it has a fraction of a microsecond",
            Err(_) => "",
        },
        Kind::Whole(number) => &in_seconds(&number.to_string()),
        _ => "",
    };
    diagnostics.mismatch(key, DURATION, node, advice);
    None
}

/// The question whether seconds are meant, if the text is a number of seconds that can be read.
fn in_seconds(number: &str) -> String {
    let seconds = format!("{number}s");
    if parse(&seconds).is_ok() { format!("; did you mean `{seconds}`?") } else { String::new() }
}

/// Whether the value is zero, with or without a unit. `None` if an error about it is reported.
fn is_zero(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<bool> {
    let text = match &node.kind {
        Kind::Text(text) => diagnostics.expand(node, text)?,
        Kind::Whole(number) => number.to_string(),
        _ => return Some(false),
    };
    Some([&text, &format!("{text}s")].iter().any(|text| parse(text).is_ok_and(|duration| duration.is_zero())))
}

/// A duration longer than zero.
pub(crate) fn interval(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<Duration> {
    let duration = if is_zero(diagnostics, node)? { Duration::ZERO } else { duration(diagnostics, key, node)? };
    if duration.is_zero() {
        diagnostics.error(node.location, format!("`{key}` has to be longer than zero; write `1s` or another duration"));
        return None;
    }
    Some(duration)
}

/// A duration longer than zero, or `none`.
pub(crate) fn timeout(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<Timeout> {
    let mut advice = String::new();
    if !is_zero(diagnostics, node)? {
        match &node.kind {
            Kind::Text(text) => match diagnostics.expand(node, text)?.as_str() {
                "none" => return Some(Timeout::Never),
                text => match parse(text) {
                    Ok(limit) => return Some(Timeout::After(limit)),
                    Err(_) => advice = in_seconds(text),
                },
            },
            Kind::Whole(number) => advice = in_seconds(&number.to_string()),
            _ => {}
        }
    }
    diagnostics.mismatch(key, "a duration longer than zero, such as `30m` or `1h30m`, or `none`", node, &advice);
    None
}

/// A fraction from 0 to 1, or `full`.
pub(crate) fn jitter(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<Jitter> {
    let fraction = match &node.kind {
        Kind::Text(text) => match diagnostics.expand(node, text)?.as_str() {
            "full" => return Some(Jitter::Full),
            text => text.parse().ok(),
        },
        Kind::Whole(0) => Some(0.0),
        Kind::Whole(1) => Some(1.0),
        Kind::Fraction(fraction) => Some(*fraction),
        _ => None,
    };
    let fits = fraction.filter(|fraction| (0.0..=1.0).contains(fraction));
    if fits.is_none() {
        diagnostics.mismatch(key, "a fraction of the wait from 0 to 1, such as `0.15`, or `full`", node, "");
    }
    fits.map(Jitter::Fraction)
}

/// A number of bytes, at least one.
pub(crate) fn size(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<usize> {
    let (bytes, advice) = match &node.kind {
        Kind::Text(text) => (bytes(&diagnostics.expand(node, text)?), String::new()),
        Kind::Whole(number) if *number > 0 && bytes(&format!("{number}B")).is_some() => {
            (None, format!("; did you mean `{number}B`?"))
        }
        _ => (None, String::new()),
    };
    let bytes = bytes.filter(|bytes| *bytes > 0);
    if bytes.is_none() {
        diagnostics.mismatch(key, SIZE, node, &advice);
    }
    bytes
}

fn bytes(text: &str) -> Option<usize> {
    jobs_syntax::size::parse(text).and_then(|bytes| usize::try_from(bytes).ok())
}
