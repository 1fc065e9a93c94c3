//! Spans of time in words, as `5m` or `1h30m`.

use crate::Fault;

const UNITS: [(&str, u64); 5] = [("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)];

/// The longest span: a hundred years, in seconds.
const LONGEST: u64 = 36_525 * 86_400;

/// Seconds of a span, as `30s`, `5m`, `1h30m`, `2d` or `1w`.
///
/// # Errors
/// Says what is no number with a unit, or that the span is no time at all or too long.
pub fn span(text: &str) -> Result<u64, Fault> {
    let mut rest = text.trim();
    let mut seconds = 0_u64;
    while !rest.is_empty() {
        let end = rest.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(rest.len());
        let (number, unit) = rest.split_at(end);
        let until = unit.find(|sign: char| !sign.is_ascii_alphabetic()).unwrap_or(unit.len());
        let (unit, after) = unit.split_at(until);
        let factor = UNITS.iter().find(|(name, _)| *name == unit).map(|(_, factor)| *factor);
        let part = number.parse::<u64>().ok().zip(factor).and_then(|(number, factor)| number.checked_mul(factor));
        seconds = part.and_then(|part| seconds.checked_add(part)).ok_or_else(|| no_span(text))?;
        rest = after.trim_start();
    }
    match seconds {
        0 => Err(no_span(text)),
        1..=LONGEST => Ok(seconds),
        _ => Err(Fault::new(format!("`{}` is longer than a hundred years", text.escape_debug()))),
    }
}

fn no_span(text: &str) -> Fault {
    Fault::new(format!(
        "`{}` is no span: write whole numbers with the units s, m, h, d, w, as `30s`, `5m` or `1h30m`",
        text.escape_debug()
    ))
}

/// A span as it is written shortest, as `1h30m`.
pub(crate) fn short(mut seconds: u64) -> String {
    let units = UNITS.into_iter().rev().skip(1);
    let parts = units.map(|(unit, factor)| {
        let count = seconds / factor;
        seconds %= factor;
        if count == 0 { String::new() } else { format!("{count}{unit}") }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_written_back() {
        for (text, seconds) in [("30s", 30), ("5m", 300), ("1h30m", 5400), ("2d", 172_800), ("90m", 5400)] {
            assert_eq!(span(text), Ok(seconds));
            assert_eq!(span(&short(seconds)), Ok(seconds));
        }
        assert_eq!(short(5400), "1h30m");
        assert_eq!(span("1w"), Ok(604_800));
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in ["", "5", "m", "5x", "0s", "-5m", "1.5h", "500ms", "99999999999999999999s", "200000d"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
