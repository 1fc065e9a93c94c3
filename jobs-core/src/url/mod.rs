//! The common parts of store URLs: `scheme:location?option=value&..`.

mod mask;
mod scheme;

use std::collections::HashSet;
use std::time::Duration;

use jobs_syntax::duration::DurationError;
use jobs_syntax::spelling::{hint, is_almost, nearest};
use percent_encoding::percent_decode;

use crate::Error;
use crate::spelling::listed;
pub use mask::masked;
pub(crate) use scheme::no_adapter;
pub use scheme::{shown, split};

/// The options after the `?`, in their order; one without `=` has an empty value. `kind` says what the `known` ones are, as `an
/// option of the SQLite store`. Nothing of an unknown option is shown, since it may be a part of a password, unless it is
/// nearly a known one.
///
/// `shown` is the URL as it may be [shown], for the error message.
///
/// # Errors
/// An option is unknown, or given twice.
pub fn known_options<'u>(
    query: &'u str,
    shown: &str,
    kind: &str,
    known: &[&str],
) -> Result<Vec<(&'u str, &'u str)>, Error> {
    if let Some((key, _)) = pairs(query).find(|(key, _)| !known.contains(key)) {
        return Err(unknown(kind, key, known));
    }
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for (key, value) in pairs(query) {
        if !seen.insert(key) {
            return Err(Error::invalid(format!("`{key}` is given twice in `{shown}`; give it once")));
        }
        found.push((key, value));
    }
    Ok(found)
}

fn pairs(query: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")))
}

/// The error for a part of a URL that is not one of `known`, as [`spelling::unknown`](crate::spelling::unknown). The part is
/// shown only if it is nearly a known one.
pub fn unknown(kind: &str, part: &str, known: &[&str]) -> Error {
    if nearest(part, known).is_some_and(|near| is_almost(part, near)) {
        return crate::spelling::unknown(kind, part, known);
    }
    let (hint, known) = (hint(part, known), listed(known));
    Error::invalid(format!("the URL has a part that is not {kind}, after its `?`; there is {known}{hint}"))
}

/// An option with its value, for a message. Of a value that is not a number with a unit, only the name of its option.
fn shown_value(key: &str, value: &str) -> String {
    let unit = value.trim_start_matches(|one: char| one.is_ascii_digit() || "-.".contains(one));
    let is_harmless = value.len() <= 24 && unit.len() <= 4 && unit.chars().all(|one| one.is_ascii_alphabetic());
    if is_harmless { format!("`{key}={value}`") } else { format!("the value of `{key}`") }
}

/// A duration in an option: `500ms`, `10s`, `2m`.
///
/// # Errors
/// The value is not a duration; the error names the option.
pub fn duration(key: &str, value: &str) -> Result<Duration, Error> {
    jobs_syntax::duration::parse(value, Duration::MAX).map_err(|error| {
        let shown = shown_value(key, value);
        Error::invalid(match error {
            DurationError::TooLong { .. } => format!("{shown} is too long for a duration"),
            DurationError::UnknownUnit { .. } if shown.contains('=') => format!("{shown} is not a duration: {error}"),
            _ => format!("{shown} is not a duration; write it as `500ms`, `10s` or `2m`"),
        })
    })
}

/// A size in bytes in an option: `512KB`, `64MB`, `2GB`, each unit 1,024 of the one before.
///
/// # Errors
/// The value is not a size; the error names the option.
pub fn size(key: &str, value: &str) -> Result<u64, Error> {
    jobs_syntax::size::parse(value).ok_or_else(|| {
        Error::invalid(format!("{} is not a size; write it as `512KB`, `64MB` or `2GB`", shown_value(key, value)))
    })
}

/// Decodes text in which `%20` and the like stand for bytes.
///
/// # Errors
/// Two hexadecimal digits do not follow a `%`, or the bytes are not UTF-8.
pub fn decode(text: &str) -> Result<String, Error> {
    decode_bytes(text.as_bytes()).and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(|| {
        Error::invalid("the URL has a `%` that is not followed by two hexadecimal digits of UTF-8 text; write `%25`")
    })
}

/// The bytes that are encoded, where `%20` and the like stand for one; `None` if two hexadecimal digits do not follow a `%`.
pub fn decode_bytes(encoded: &[u8]) -> Option<Vec<u8>> {
    // `percent_decode` would leave a malformed `%` as it is.
    let is_byte = |after: &[u8]| after.get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let is_whole = encoded.split(|byte| *byte == b'%').skip(1).all(is_byte);
    is_whole.then(|| percent_decode(encoded).collect())
}
