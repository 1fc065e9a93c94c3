//! The common parts of store URLs: `scheme:location?option=value&..`.

use std::borrow::Cow;
use std::time::Duration;

use jobs_syntax::duration::DurationError;
use percent_encoding::percent_decode_str;

use crate::Error;

/// The options after the `?`, in their order; one without `=` has an empty value.
///
/// `shown` is the URL without a password, for the error message.
///
/// # Errors
/// An option is given twice.
pub fn options<'u>(query: &'u str, shown: &str) -> Result<Vec<(&'u str, &'u str)>, Error> {
    let mut found: Vec<(&str, &str)> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if found.iter().any(|(seen, _)| *seen == key) {
            return Err(Error::invalid(format!("`{key}` is given twice in `{shown}`; give it once")));
        }
        found.push((key, value));
    }
    Ok(found)
}

/// A duration in an option: `500ms`, `10s`, `2m`.
///
/// # Errors
/// The value is not a duration; the error names the option.
pub fn duration(key: &str, value: &str) -> Result<Duration, Error> {
    jobs_syntax::duration::parse(value, Duration::MAX).map_err(|error| {
        Error::invalid(match error {
            DurationError::TooLong { .. } => format!("`{key}={value}` is too long for a duration"),
            DurationError::Malformed { .. } | DurationError::MissingUnit { .. } => {
                format!("`{key}={value}` is not a duration; write it as `500ms`, `10s` or `2m`")
            }
            other => format!("`{key}={value}` is not a duration: {other}"),
        })
    })
}

/// A size in bytes in an option: `512KB`, `64MB`, `2GB`, each unit 1,024 of the one before.
///
/// # Errors
/// The value is not a size; the error names the option.
pub fn size(key: &str, value: &str) -> Result<u64, Error> {
    jobs_syntax::size::parse(value)
        .ok_or_else(|| Error::invalid(format!("`{key}={value}` is not a size; write it as `512KB`, `64MB` or `2GB`")))
}

/// Decodes text in which `%20` and the like stand for bytes.
///
/// # Errors
/// Two hexadecimal digits do not follow a `%`, or the bytes are not UTF-8.
pub fn decode(text: &str) -> Result<String, Error> {
    // `percent_decode_str` would leave a malformed `%` as it is.
    let is_byte =
        |after: &str| after.as_bytes().get(..2).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let decoded = percent_decode_str(text).decode_utf8().ok().filter(|_| text.split('%').skip(1).all(is_byte));
    decoded.map(Cow::into_owned).ok_or_else(|| {
        Error::invalid(format!("`{text}` has a `%` that two hexadecimal digits do not follow; write `%25`"))
    })
}
