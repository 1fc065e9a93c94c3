//! JSON text of values: whether the same values can be read back from it, and one text for equal values.

mod canonical;
mod decimal;
mod non_finite;
mod present;
mod reserved;
mod scan;
mod walk;

use std::collections::BTreeMap;

pub(crate) use canonical::{canonical, object, of_value};
pub(crate) use non_finite::NonFinite;
pub(crate) use present::Present;
pub(crate) use reserved::ReservedKey;
use scan::{has_long_number, nesting};
use serde_json::Value;
use serde_json::value::RawValue;

/// How many lists and objects inside one another `serde_json` reads at most.
pub(crate) const DEEPEST: usize = 127;

/// Whether a text that `serde_json` wrote is nested deeper than it reads. Every list and object begins and ends, so a short
/// text need not be searched.
pub(crate) fn is_too_deep(text: &str) -> bool {
    text.len() > 2 * DEEPEST && nesting(text) > DEEPEST
}

/// The text of `new`, a changed form of `old`. The fields that `old` and `new` have in common are copied from the text of
/// `old`, since a [`Value`] does not hold every number.
pub(crate) fn changed(text: &str, old: &Value, new: &Value) -> String {
    if old == new {
        return text.to_owned();
    }
    let fields = new.as_object().filter(|_| has_long_number(text));
    let raw = fields.and_then(|_| serde_json::from_str::<BTreeMap<String, &RawValue>>(text).ok());
    let (Some(fields), Some(raw)) = (fields, raw) else { return new.to_string() };
    let text_of = |key: &str, value: &Value| {
        let kept = raw.get(key).filter(|_| old.get(key) == Some(value));
        kept.map_or_else(|| value.to_string(), |raw| raw.get().to_owned())
    };
    object(fields.iter().map(|(key, value)| (key.as_str(), text_of(key, value))).collect())
}
