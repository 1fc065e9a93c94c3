//! Reads a duration literal: `30s`, `500ms`, `1h30m`, `1.5s`, `2d`.

use std::time::Duration;

use syn::{Error, Lit};

/// The longest duration: that of `jobs_core::LONGEST_WAIT`. The runtime would cut a longer one silently.
const LONGEST: Duration = Duration::from_secs(3650 * 86_400);

/// Reads a duration literal. A string literal with the same text is accepted too.
pub(crate) fn of_literal(key: &str, literal: &Lit) -> syn::Result<Duration> {
    let text = match literal {
        Lit::Int(number) => number.to_string(),
        Lit::Float(number) => number.to_string(),
        Lit::Str(text) => text.value(),
        _ => {
            let message = format!("`{key}` is a duration such as `{key} = 30s`, `500ms` or `1h30m`");
            return Err(Error::new_spanned(literal, message));
        }
    };
    // Rust allows `_` between the digits of a number.
    jobs_syntax::duration::parse(&text.replace('_', ""), LONGEST)
        .map_err(|error| Error::new_spanned(literal, format!("`{key}`: {error}")))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use syn::parse_str;

    use super::of_literal;

    fn read(literal: &str) -> Result<Duration, String> {
        of_literal("timeout", &parse_str(literal).expect(literal)).map_err(|error| error.to_string())
    }

    #[test]
    fn numbers_with_a_suffix_and_texts_are_durations() {
        for literal in ["5400s", "5_400s", "1h30m", "1.5h", "\"1h30m\"", "90m"] {
            assert_eq!(read(literal), Ok(Duration::from_secs(5400)), "{literal}");
        }
        assert!(read("true").unwrap_err().contains("`timeout = 30s`"));
    }

    #[test]
    fn the_longest_is_accepted_and_a_longer_one_is_told_the_limit() {
        assert_eq!(read("3650d"), Ok(Duration::from_secs(3650 * 86_400)));
        for literal in ["3651d", "\"3650d1s\"", "99999999999999999999d"] {
            assert!(read(literal).unwrap_err().contains("`3650d`"), "{literal}");
        }
    }

    #[test]
    fn a_number_without_a_unit_is_told_how_to_get_one() {
        assert!(read("30").unwrap_err().contains("`30s`"));
        assert!(read("30x").unwrap_err().contains("`x`"));
    }
}
