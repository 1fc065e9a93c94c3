//! Durations as they are written: `30s`, `500ms`, `1h30m`, `1.5s`, `2d`.

use std::time::Duration;

use syn::{Error, Lit};

/// The longest, in days: that of `jobs_core::LONGEST_WAIT`. A longer one would be cut where nobody sees it.
const LONGEST_DAYS: u64 = 3650;

const UNITS: [(&str, f64); 6] = [("us", 1e-6), ("ms", 1e-3), ("s", 1.0), ("m", 60.0), ("h", 3600.0), ("d", 86400.0)];

/// Reads a duration literal; a string literal with the same words counts too.
pub(crate) fn of_literal(key: &str, literal: &Lit) -> syn::Result<Duration> {
    let text = match literal {
        Lit::Int(number) => number.to_string(),
        Lit::Float(number) => number.to_string(),
        Lit::Str(text) => text.value(),
        _ => {
            let words = format!("`{key}` is a duration such as `{key} = 30s`, `500ms` or `1h30m`");
            return Err(Error::new_spanned(literal, words));
        }
    };
    parse(&text.replace('_', "")).map_err(|words| Error::new_spanned(literal, format!("`{key}`: {words}")))
}

fn parse(text: &str) -> Result<Duration, String> {
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        let letters = after.find(|c: char| !c.is_alphabetic()).unwrap_or(after.len());
        let (unit, next) = after.split_at(letters);
        seconds += value(text, number)? * scale(text, unit)?;
        rest = next;
    }
    let longest = Duration::from_secs(LONGEST_DAYS * 86_400);
    let duration = Duration::try_from_secs_f64(seconds).ok().filter(|duration| *duration <= longest);
    duration.ok_or_else(|| format!("`{text}` is too long for a duration, which is at most `{LONGEST_DAYS}d`"))
}

fn value(text: &str, number: &str) -> Result<f64, String> {
    number.parse().map_err(|_| format!("`{text}` is not a duration; write `30s`, `500ms` or `1h30m`"))
}

fn scale(text: &str, unit: &str) -> Result<f64, String> {
    if unit.is_empty() {
        return Err(format!("`{text}` has no unit; write `{text}s` for seconds (units: us, ms, s, m, h, d)"));
    }
    let found = UNITS.iter().find(|(name, _)| *name == unit);
    found
        .map(|(_, scale)| *scale)
        .ok_or_else(|| format!("`{unit}` is not a unit of time; the units are us, ms, s, m, h, d"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::parse;

    #[test]
    fn parts_add_up() {
        assert_eq!(parse("1h30m"), Ok(Duration::from_secs(5400)));
        assert_eq!(parse("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(parse("1.5s"), Ok(Duration::from_millis(1500)));
        assert_eq!(parse("2d"), Ok(Duration::from_secs(172_800)));
    }

    #[test]
    fn the_longest_is_taken_and_a_longer_one_is_told_the_bound() {
        assert_eq!(parse("3650d"), Ok(Duration::from_secs(3650 * 86_400)));
        for text in ["3651d", "3650d1s", "99999999999999999999d"] {
            assert!(parse(text).unwrap_err().contains("`3650d`"), "{text}");
        }
    }

    #[test]
    fn a_number_without_a_unit_is_told_how_to_get_one() {
        assert!(parse("30").unwrap_err().contains("`30s`"));
        assert!(parse("30x").unwrap_err().contains("`x`"));
    }
}
