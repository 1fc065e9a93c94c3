//! The current attributes of Rails that travel with a job: an object until Sidekiq 7, a list of pairs since Sidekiq 8.

use std::collections::BTreeMap;

use jobs_active_job::JsonObject;
use serde_json::value::{RawValue, to_raw_value};

use crate::payload::TimeUnit;

/// Whether a key of a payload holds attributes: `cattr`, `cattr_1`, `cattr_2`, ..
pub(crate) fn is_key(key: &str) -> bool {
    let number = key.strip_prefix("cattr").map(|rest| rest.strip_prefix('_').unwrap_or(rest));
    number.is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
        && (key == "cattr" || key.starts_with("cattr_") && key.len() > "cattr_".len())
}

/// The attributes by their names, as a job reads them in both forms; `None` for what is neither form.
pub(crate) fn read(raw: &str) -> Option<Box<RawValue>> {
    if raw.starts_with('{') {
        return RawValue::from_string(raw.to_owned()).ok();
    }
    let mut object = JsonObject::default();
    for (name, value) in serde_json::from_str::<Vec<(Box<RawValue>, Box<RawValue>)>>(raw).ok()? {
        object.set(&name_of(name.get())?, value);
    }
    RawValue::from_string(object.text()).ok()
}

/// A name is a symbol of Active Job, or a text.
fn name_of(raw: &str) -> Option<String> {
    let symbol = || serde_json::from_str::<BTreeMap<String, String>>(raw).ok()?.remove("value");
    serde_json::from_str(raw).ok().or_else(symbol)
}

/// The attributes in the form of a fleet, which its oldest process reads; `None` for what is neither form, since no version
/// can read or show it.
pub(crate) fn write(raw: &str, unit: TimeUnit) -> Option<Box<RawValue>> {
    let attributes = read(raw)?;
    if unit == TimeUnit::Seconds {
        return Some(attributes);
    }
    let symbol = |name: &str| {
        let mut symbol = JsonObject::default();
        symbol.set("_aj_serialized", "ActiveJob::Serializers::SymbolSerializer");
        symbol.set("value", name);
        RawValue::from_string(symbol.text()).ok()
    };
    let object = JsonObject::parse(attributes.get())?;
    let pairs: Vec<_> = object
        .entries()
        .map(|(name, value)| Some([symbol(name)?, RawValue::from_string(value.to_owned()).ok()?]))
        .collect::<Option<_>>()?;
    to_raw_value(&pairs).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAIRS: &str = r#"[[{"_aj_serialized":"ActiveJob::Serializers::SymbolSerializer","value":"user"},{"_aj_globalid":"gid://shop/User/9"}],[{"_aj_serialized":"ActiveJob::Serializers::SymbolSerializer","value":"n"},1.50]]"#;
    const OBJECT: &str = r#"{"user":{"_aj_globalid":"gid://shop/User/9"},"n":1.50}"#;

    #[test]
    fn both_forms_are_read_as_an_object_and_written_in_the_form_of_the_fleet() {
        for form in [PAIRS, OBJECT] {
            assert_eq!(read(form).unwrap().get(), OBJECT);
            assert_eq!(write(form, TimeUnit::Milliseconds).unwrap().get(), PAIRS);
            assert_eq!(write(form, TimeUnit::Seconds).unwrap().get(), OBJECT);
        }
        assert_eq!(read(r#"[["user_id",7]]"#).unwrap().get(), r#"{"user_id":7}"#);
        assert_eq!((read("[]").unwrap().get(), read("{}").unwrap().get()), ("{}", "{}"));
    }

    #[test]
    fn what_is_neither_form_is_not_written() {
        for text in ["7", "\"de\"", "true", "null", "[1]", "[[1,2]]", "[[\"a\"]]", "[[\"a\",1,2]]"] {
            assert!(read(text).is_none() && write(text, TimeUnit::Seconds).is_none(), "{text}");
        }
    }

    #[test]
    fn the_keys_are_numbered() {
        assert!(["cattr", "cattr_1", "cattr_12"].into_iter().all(is_key));
        assert!(!["cattr_", "cattr1", "cattr_x", "cattribute", "attr"].into_iter().any(is_key));
    }
}
