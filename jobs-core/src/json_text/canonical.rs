//! One text for equal JSON values: the keys of objects sorted, without white space, numbers by their value.

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;

use super::scan::{has_long_number, nesting};
use super::{DEEPEST, decimal};

/// The text for the values of this text. `1` and `1.0` are different; `1.0`, `1.00` and `10e-1` are equal, and so are `0.0` and
/// `-0.0`.
///
/// # Errors
/// It is not JSON, or nested too deep. The error says which.
pub(crate) fn canonical(text: &str) -> Result<String, String> {
    if has_long_number(text) {
        if nesting(text) > DEEPEST {
            return Err(format!("it is nested more than {DEEPEST} deep"));
        }
        return exact(text).map_err(|error| error.to_string());
    }
    serde_json::from_str(text).map(|value| of_value(&value)).map_err(|error| error.to_string())
}

/// The same of a value that was read before.
pub(crate) fn of_value(value: &Value) -> String {
    match value {
        // Sorted here, because a feature of serde_json that any crate may enable changes the order of the map.
        Value::Object(map) => object(map.iter().map(|(key, value)| (key.as_str(), of_value(value))).collect()),
        Value::Array(values) => array(&values.iter().map(of_value).collect::<Vec<_>>()),
        Value::Number(number) if number.as_f64() == Some(0.0) && number.is_f64() => "0.0".to_owned(),
        plain => plain.to_string(),
    }
}

/// As [`of_value`], from the text, since a [`Value`] does not hold every number.
fn exact(text: &str) -> serde_json::Result<String> {
    match text.trim_start().as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<String, &RawValue> = serde_json::from_str(text)?;
            let parts = fields.iter().map(|(key, value)| Ok((key.as_str(), exact(value.get())?)));
            parts.collect::<serde_json::Result<_>>().map(object)
        }
        Some(b'[') => {
            let values: Vec<&RawValue> = serde_json::from_str(text)?;
            let values = values.into_iter().map(|value| exact(value.get())).collect::<serde_json::Result<Vec<_>>>()?;
            Ok(array(&values))
        }
        Some(b'-' | b'0'..=b'9') => {
            let raw: &RawValue = serde_json::from_str(text)?;
            Ok(number(raw.get()))
        }
        _ => serde_json::from_str::<Value>(text).map(|value| value.to_string()),
    }
}

/// A number as a [`Value`] would write it if that is exact, otherwise its digits and the power of ten.
fn number(text: &str) -> String {
    let Some(exact) = decimal::of(text) else { return text.to_owned() };
    let held = serde_json::from_str::<Value>(text).ok().map(|value| of_value(&value));
    held.filter(|held| decimal::of(held).as_ref() == Some(&exact)).unwrap_or_else(|| exact.to_string())
}

/// An object of fields that are canonical already.
pub(crate) fn object(fields: BTreeMap<&str, String>) -> String {
    let fields: Vec<String> = fields.into_iter().map(|(key, value)| format!("{}:{value}", Value::from(key))).collect();
    format!("{{{}}}", fields.join(","))
}

fn array(values: &[String]) -> String {
    format!("[{}]", values.join(","))
}
