//! What travels with a job: tags, the locale and Rails' current attributes in Sidekiq, `meta` here.

mod attributes;

use jobs_active_job::{JsonObject, SerializedJob};
use jobs_core::Meta;
use serde_json::value::RawValue;

use super::{TimeUnit, active_job};

/// The `meta` of a job that Ruby enqueued; `None` if nothing travels with it.
pub(crate) fn meta_of(object: &JsonObject, active_job: Option<&SerializedJob>) -> Option<String> {
    let raw = |(key, value): (&str, &str)| Some((key.to_owned(), RawValue::from_string(value.to_owned()).ok()?));
    let (mut carried, counters) = active_job.map(active_job::travels).unwrap_or_default();
    // A job reads these as `Propagated` values of these keys, attributes as an object in both forms.
    carried.extend(object.entries().filter(|(key, _)| *key == "locale").filter_map(raw));
    let attributes = object.entries().filter(|(key, _)| attributes::is_key(key));
    carried.extend(attributes.filter_map(|(key, value)| Some((key.to_owned(), attributes::read(value)?))));
    let tags: Option<Vec<String>> = object.get("tags").filter(|tags: &Vec<String>| !tags.is_empty());
    let mut meta = JsonObject::default();
    if !counters.is_empty() {
        meta.set("exception_executions", counters);
    }
    if !carried.is_empty() {
        meta.set("carried", carried);
    }
    if let Some(tags) = tags {
        meta.set("tags", tags);
    }
    (meta.entries().next().is_some()).then(|| meta.text())
}

/// Writes into the payload of a new job what travels with it and Ruby reads.
pub(crate) fn write(object: &mut JsonObject, meta: Option<&str>, unit: TimeUnit) {
    let meta = Meta::parse(meta).unwrap_or_default();
    if !meta.tags.is_empty() {
        object.set("tags", &meta.tags);
    }
    for (key, value) in meta.carried.as_object().into_iter().flatten() {
        if key == "locale" && value.is_string() {
            object.set(key, value);
        } else if attributes::is_key(key)
            && let Some(value) = attributes::write(&value.to_string(), unit)
        {
            object.set(key, value);
        }
    }
}
