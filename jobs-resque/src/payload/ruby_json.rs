//! JSON as Ruby writes it again, and a form of it that is the same for all encoders of Ruby.

use std::collections::HashMap;

use jobs_active_job::JsonFields;
use serde_json::value::RawValue;

/// Ruby reads no value that is nested more deeply.
const DEPTH_MAX: usize = 100;

/// What Active Support writes for characters that the gem `json` leaves as they are.
const ESCAPES: [(&str, &str); 5] =
    [("\\u003c", "<"), ("\\u003e", ">"), ("\\u0026", "&"), ("\\u2028", "\u{2028}"), ("\\u2029", "\u{2029}")];

/// A value as Ruby writes it after it has read it: without white space, with as few escapes as possible, with floats in their own
/// form, and of equal keys with the last value. What Ruby cannot read stays as it is.
pub(super) fn of_ruby(text: &str) -> String {
    if is_too_deep(text) { text.to_owned() } else { rewritten(text) }
}

/// Whether a value is nested more deeply than Ruby reads.
pub(super) fn is_too_deep(text: &str) -> bool {
    let (mut depth, mut in_string, mut is_escaped) = (0_usize, false, false);
    for byte in text.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => in_string = !in_string,
            b'[' | b'{' if !in_string => depth += 1,
            b']' | b'}' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEPTH_MAX {
            return true;
        }
    }
    false
}

fn rewritten(text: &str) -> String {
    let rewritten = match text.as_bytes().first() {
        Some(b'[') => list(text),
        Some(b'{') => object(text),
        Some(b'"') => serde_json::from_str::<String>(text).ok().map(|string| quoted(&string)),
        Some(b'-' | b'0'..=b'9') => Some(number(text)),
        _ => None,
    };
    rewritten.unwrap_or_else(|| text.to_owned())
}

fn list(text: &str) -> Option<String> {
    let elements: Vec<Box<RawValue>> = serde_json::from_str(text).ok()?;
    let elements: Vec<String> = elements.iter().map(|element| rewritten(element.get())).collect();
    Some(format!("[{}]", elements.join(",")))
}

fn object(text: &str) -> Option<String> {
    let fields: JsonFields = serde_json::from_str(text).ok()?;
    let (mut places, mut values) = (HashMap::new(), Vec::<(&str, &str)>::new());
    for (key, value) in fields.iter() {
        let place = *places.entry(key).or_insert(values.len());
        match values.get_mut(place) {
            Some(known) => known.1 = value,
            None => values.push((key, value)),
        }
    }
    let pairs = values.iter().map(|(key, value)| format!("{}:{}", quoted(key), rewritten(value)));
    Some(format!("{{{}}}", pairs.collect::<Vec<_>>().join(",")))
}

/// A string. The gem `json` escapes the same characters as this library.
fn quoted(string: &str) -> String {
    serde_json::to_string(string).unwrap_or_default()
}

/// A number as Ruby prints it: integers whole, floats with a decimal point, and with an exponent where they are large or small.
pub(super) fn number(text: &str) -> String {
    if !text.contains(['.', 'e', 'E']) {
        return if text == "-0" { "0".to_owned() } else { text.to_owned() };
    }
    let float: f64 = text.parse().unwrap_or_default();
    if !float.is_finite() {
        return text.to_owned();
    }
    let size = float.abs();
    if size == 0.0 || (1e-4..1e15).contains(&size) {
        return format!("{float:?}");
    }
    let scientific = format!("{float:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let point = if digits.contains('.') { "" } else { ".0" };
    format!("{digits}{point}{}", exponent_of_c(exponent))
}

/// The form of a text of Ruby by which what only we know of a job is found again. Encoders of Ruby spell floats and some
/// characters in different ways: the gem `json` changed its floats with version 2.10, and Active Support escapes more. The script
/// of the claim makes the same form of the text that Ruby has moved. Digits in strings are texts, and stay as they are.
pub(super) fn any_spelling(text: &str) -> String {
    let mut text = text.to_owned();
    for (escape, character) in ESCAPES {
        if text.contains(escape) {
            text = text.replace(escape, character);
        }
    }
    let (mut form, mut rest) = (String::with_capacity(text.len()), text.as_str());
    while !rest.is_empty() {
        let (bare, from) = rest.split_at(rest.find('"').unwrap_or(rest.len()));
        push_with_floats(&mut form, bare);
        let (string, behind) = from.split_at(string_end(from));
        form.push_str(string);
        rest = behind;
    }
    form
}

/// Where the string ends that this text begins with, if it begins with one.
fn string_end(text: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' => is_escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// Adds what stands between strings, with its floats in one form.
fn push_with_floats(form: &mut String, mut rest: &str) {
    while let Some(begin) = rest.find(|character: char| character.is_ascii_digit()) {
        let (before, from) = rest.split_at(begin);
        let is_of_number = |character: char| character.is_ascii_digit() || ".eE+-".contains(character);
        let end = from.find(|character| !is_of_number(character)).unwrap_or(from.len());
        let (run, behind) = from.split_at(end);
        form.push_str(before);
        form.push_str(&float_of_any_spelling(run).unwrap_or_else(|| run.to_owned()));
        rest = behind;
    }
    form.push_str(rest);
}

/// A float as `%.16e` of C, which tells any two apart; `None` if this is none.
fn float_of_any_spelling(run: &str) -> Option<String> {
    let float: f64 = run.contains(['.', 'e', 'E']).then(|| run.parse().ok()).flatten()?;
    let scientific = format!("{float:.16e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return Some(scientific) };
    Some(format!("{digits}{}", exponent_of_c(exponent)))
}

/// An exponent with its sign and at least two digits.
fn exponent_of_c(exponent: &str) -> String {
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |exponent| ('-', exponent));
    format!("e{sign}{exponent:0>2}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_written_as_the_gem_json_writes_it_again() {
        let pairs = [
            (r#"[ 1 , "http:\/\/a\u00e9\u007f\u000B" ]"#, "[1,\"http://aé\u{7f}\\u000b\"]"),
            (r#"{"b":1,"a":2,"\u0062":{"c":[ ]}}"#, r#"{"b":{"c":[]},"a":2}"#),
            ("[1e16,1e-7,1e14,-0.0,-0,1.50]", "[1.0e+16,1.0e-07,100000000000000.0,-0.0,0,1.5]"),
            (r#"["\ud800",1e400]"#, r#"["\ud800",1e400]"#),
        ];
        for (text, of) in pairs {
            assert_eq!(of_ruby(text), of);
        }
        let deep = [&*"[ ".repeat(200_000), &*"]".repeat(200_000)].concat();
        assert_eq!(of_ruby(&deep), deep, "Ruby cannot read it");
    }

    #[test]
    fn all_spellings_of_a_value_have_one_form_and_other_values_another_one() {
        let form = any_spelling(r#"["<é>",1.0e+16,1.0e-07,1.0e+23,7]"#);
        assert_eq!(form, any_spelling(r#"["\u003cé\u003e",1e+16,0.0000001,9.999999999999999e+22,7]"#));
        assert_eq!(form, r#"["<é>",1.0000000000000000e+16,9.9999999999999995e-08,9.9999999999999992e+22,7]"#);
        assert_ne!(any_spelling("[9007199254740993]"), any_spelling("[9007199254740992]"));
        assert_ne!(any_spelling("[0.30000000000000004]"), any_spelling("[0.3]"));
        for (one, other) in
            [(r#"["1.1"]"#, r#"["1.10"]"#), (r#"["\" 1.1"]"#, r#"["\" 1.10"]"#), (r#"{"1e3":1.5}"#, r#"{"1000":1.5}"#)]
        {
            assert_ne!(any_spelling(one), any_spelling(other), "digits in strings are texts");
        }
        assert_eq!(any_spelling(r#"["10.0.0.1 1e 2-3", "open"#), r#"["10.0.0.1 1e 2-3", "open"#);
    }
}
