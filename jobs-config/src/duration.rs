//! `500ms`, `30s`, `5m`, `1h30m`, `2d`.

use std::time::Duration;

use jobs_core::Error;

/// The units from large to small, with their milliseconds.
const UNITS: [(&str, u64); 5] = [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// A hundred years. Stores add durations to dates, which must stay dates.
const LONGEST: u64 = 100 * 365 * 86_400_000;

/// What can be wrong with one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It has another form.
    Form,
    /// It is longer than a hundred years.
    Long,
}

/// Numbers with units, each unit once and larger ones first.
pub(crate) fn parse(text: &str) -> Result<Duration, Fault> {
    let mut units = UNITS.iter();
    let mut total: u64 = 0;
    let mut rest = text;
    while !rest.is_empty() || text.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).filter(|digits| *digits > 0).ok_or(Fault::Form)?;
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|c: char| c.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        let (_, factor) = units.find(|(name, _)| *name == unit).ok_or(Fault::Form)?;
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(*factor)).ok_or(Fault::Long)?;
        total = total.checked_add(part).ok_or(Fault::Long)?;
        rest = after;
    }
    if total > LONGEST { Err(Fault::Long) } else { Ok(Duration::from_millis(total)) }
}

/// A duration as the file has them: `500ms`, `30s`, `5m`, `1h30m`, `2d`, up to a hundred years.
///
/// # Errors
/// The text has another form, or means a longer time.
pub fn parse_duration(text: &str) -> Result<Duration, Error> {
    parse(text).map_err(|fault| {
        Error::invalid(match fault {
            Fault::Form => format!("`{text}` is no duration; write `30s`, `5m`, `1h30m` or `2d`"),
            Fault::Long => format!("`{text}` is longer than a hundred years"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_add_up() {
        for (text, millis) in [
            ("0s", 0),
            ("500ms", 500),
            ("30s", 30_000),
            ("5m", 300_000),
            ("1h30m", 5_400_000),
            ("2d", 172_800_000),
            ("1d2h3m4s5ms", 93_784_005),
            ("36500d", LONGEST),
        ] {
            assert_eq!(parse(text), Ok(Duration::from_millis(millis)), "{text}");
        }
    }

    #[test]
    fn all_else_is_refused() {
        let forms = ["", "5", "s", "5 s", "1.5h", "-5s", "30m1h", "5s5s", "5S", "5sec", "٥s", "5s ", "1h30", "ms5"];
        for text in forms {
            assert_eq!(parse(text), Err(Fault::Form), "{text}");
        }
        for text in ["36501d", "36500d1ms", "99999999999999999999s", "18446744073709551615ms", "18446744073709551615d"]
        {
            assert_eq!(parse(text), Err(Fault::Long), "{text}");
        }
    }
}
