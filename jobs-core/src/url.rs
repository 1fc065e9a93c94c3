//! What the URLs of stores have in common: `scheme:place?option=value&..`.

use std::time::Duration;

use crate::Error;

/// The options behind the `?`, in their order; one without `=` has an empty value.
///
/// `shown` is the URL as it may be shown in the error, without a password.
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

/// A duration as options write it: `500ms`, `10s`, `2m`.
///
/// # Errors
/// It is none; names the option.
pub fn duration(key: &str, value: &str) -> Result<Duration, Error> {
    let wrong = || Error::invalid(format!("`{key}={value}` is not a duration; write it as `500ms`, `10s` or `2m`"));
    let (number, unit) = number_and_unit(value).ok_or_else(wrong)?;
    match unit {
        "ms" => Some(Duration::from_millis(number)),
        "s" => Some(Duration::from_secs(number)),
        "m" => number.checked_mul(60).map(Duration::from_secs),
        _ => None,
    }
    .ok_or_else(wrong)
}

/// A size in bytes as options write it: `512KB`, `64MB`, `2GB`, each 1,024 of the one before.
///
/// # Errors
/// It is none; names the option.
pub fn size(key: &str, value: &str) -> Result<u64, Error> {
    let wrong = || Error::invalid(format!("`{key}={value}` is not a size; write it as `512KB`, `64MB` or `2GB`"));
    let (number, unit) = number_and_unit(value).ok_or_else(wrong)?;
    let factor = match unit {
        "B" => 1,
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        "GB" => 1 << 30,
        _ => return Err(wrong()),
    };
    number.checked_mul(factor).ok_or_else(wrong)
}

fn number_and_unit(value: &str) -> Option<(u64, &str)> {
    let end = value.find(|c: char| !c.is_ascii_digit())?;
    let (digits, unit) = value.split_at(end);
    Some((digits.parse().ok()?, unit))
}

/// Text in which `%20` and the like stand for bytes.
///
/// # Errors
/// Two hexadecimal digits do not follow a `%`, or the bytes are no UTF-8.
pub fn decode(text: &str) -> Result<String, Error> {
    let wrong = || Error::invalid(format!("`{text}` has a `%` that two hexadecimal digits do not follow; write `%25`"));
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, after)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        let digits = after.get(..2).ok_or_else(wrong)?;
        bytes.push(u8::from_str_radix(digits, 16).map_err(|_| wrong())?);
        rest = after.get(2..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    String::from_utf8(bytes).map_err(|_| wrong())
}
