//! Numbers of YAML 1.1 by the rules of Ruby's Psych, in which `1_000` is a number and `1e3` is a text.

use super::node::Node;

/// The number that Psych makes of a plain scalar; `None` if it makes none.
pub(super) fn number(text: &str) -> Option<Node> {
    base60(text).or_else(|| float(text)).or_else(|| integer(text))
}

/// The sign, and the text after it.
fn signed(text: &str) -> (&'static str, &str) {
    match text.as_bytes().first() {
        Some(b'-') => ("-", &text[1..]),
        Some(b'+') => ("", &text[1..]),
        _ => ("", text),
    }
}

fn all(text: &str, is: impl Fn(u8) -> bool) -> bool {
    text.bytes().all(is)
}

fn without_separators(text: &str) -> String {
    text.replace([',', '_'], "")
}

/// `[-+]?[0-9][0-9_]*(:[0-5]?[0-9]){1,2}`, and a fraction. `1:30` is 5400, as it is for Psych.
fn base60(text: &str) -> Option<Node> {
    let (sign, digits) = signed(text);
    let (whole, fraction) = digits.split_once('.').map_or((digits, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut parts = whole.split(':');
    let first = parts.next()?;
    let rest: Vec<&str> = parts.collect();
    let is_first = first.starts_with(|c: char| c.is_ascii_digit()) && all(first, |b| b.is_ascii_digit() || b == b'_');
    let is_rest = |part: &&str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    if !is_first || !(1..=2).contains(&rest.len()) || !rest.iter().all(is_rest) {
        return None;
    }
    if fraction.is_some_and(|fraction| !all(fraction, |b| b.is_ascii_digit() || b == b'_')) {
        return None;
    }
    let units = [3600_i128, 60, 1];
    let head: i128 = format!("{sign}{}", without_separators(first)).parse().ok()?;
    let tail = rest.iter().zip(&units[1..]).map(|(part, unit)| part.parse::<i128>().unwrap_or(0) * unit).sum::<i128>();
    let seconds = head.checked_mul(units[0])?.checked_add(tail)?;
    let Some(fraction) = fraction else { return Some(Node::Integer(seconds.to_string())) };
    let part = format!("0.{}", without_separators(fraction)).parse::<f64>().unwrap_or(0.0);
    let unit = if rest.len() == 1 { 60.0 } else { 1.0 };
    #[expect(clippy::cast_precision_loss, reason = "Ruby computes with floats here too")]
    Some(Node::Float(part.mul_add(unit, seconds as f64)))
}

/// `[-+]?([0-9][0-9_,]*)?\.[0-9]*([eE][-+][0-9]+)?`, but not a point alone.
fn float(text: &str) -> Option<Node> {
    let (sign, digits) = signed(text);
    let (whole, rest) = digits.split_once('.')?;
    let is_whole = whole.is_empty()
        || (whole.starts_with(|c: char| c.is_ascii_digit())
            && all(whole, |b| b.is_ascii_digit() || matches!(b, b'_' | b',')));
    let (fraction, exponent) = rest.find(['e', 'E']).map_or((rest, None), |at| (&rest[..at], Some(&rest[at + 1..])));
    let is_exponent =
        |text: &str| text.starts_with(['-', '+']) && text.len() > 1 && all(&text[1..], |b| b.is_ascii_digit());
    if !is_whole || !all(fraction, |b| b.is_ascii_digit()) || !exponent.is_none_or(is_exponent) {
        return None;
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let text = format!("{sign}{}.{fraction}0e{}", without_separators(whole), exponent.unwrap_or("+0"));
    text.parse().ok().map(Node::Float)
}

/// Binary, octal, decimal and hexadecimal integers.
fn integer(text: &str) -> Option<Node> {
    let (sign, digits) = signed(text);
    let is_separator = |b: u8| matches!(b, b'_' | b',');
    let radix = |digits: &str, radix: u32| {
        let digits = without_separators(digits);
        // The parser of the standard library would take another sign.
        let number = u128::from_str_radix(digits.strip_prefix('+').map_or(digits.as_str(), |_| ""), radix).ok()?;
        Some(Node::Integer(if number == 0 { "0".to_owned() } else { format!("{sign}{number}") }))
    };
    if let Some(binary) = digits.strip_prefix("0b") {
        return radix(binary, 2);
    }
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return radix(hexadecimal, 16);
    }
    if let Some(octal) = digits.strip_prefix('0').filter(|rest| !rest.is_empty()) {
        let is_octal = all(octal, |b| matches!(b, b'0'..=b'7') || is_separator(b));
        return if is_octal { radix(digits, 8) } else { None };
    }
    let bytes = digits.as_bytes();
    let is_decimal = bytes.first().is_some_and(u8::is_ascii_digit)
        && bytes.last().is_some_and(u8::is_ascii_digit)
        && bytes.windows(2).all(|pair| !(is_separator(pair[0]) && is_separator(pair[1])))
        && all(digits, |b| b.is_ascii_digit() || is_separator(b));
    let plain = without_separators(digits);
    is_decimal.then(|| Node::Integer(if plain == "0" { plain } else { format!("{sign}{plain}") }))
}
