//! What travels with a job: tags, the locale and Rails' current attributes in Sidekiq, `meta` here.

use jobs_active_job::SerializedJob;
use jobs_core::Meta;
use serde_json::value::{RawValue, to_raw_value};

use super::active_job;
use super::object::Object;

/// The keys of the payload that a job reads as a [`Propagated`](https://docs.rs/jobs) value of this key: `locale`, and
/// `cattr`, `cattr_1`, .. of current attributes.
fn travels(key: &str) -> bool {
    key == "locale" || key == "cattr" || key.starts_with("cattr_")
}

/// The `meta` of a job that Ruby enqueued; `None` if nothing travels with it.
pub(crate) fn meta_of(object: &Object, active_job: Option<&SerializedJob>) -> Option<String> {
    let raw = |(key, value): (&str, &str)| Some((key.to_owned(), RawValue::from_string(value.to_owned()).ok()?));
    let (mut carried, counters) = active_job.map(active_job::travels).unwrap_or_default();
    carried.extend(object.entries().filter(|(key, _)| travels(key)).filter_map(raw));
    let tags: Option<Vec<String>> = object.get("tags").filter(|tags: &Vec<String>| !tags.is_empty());
    let mut meta = Object::default();
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
pub(crate) fn write(object: &mut Object, meta: Option<&str>) {
    let meta = Meta::parse(meta).unwrap_or_default();
    if !meta.tags.is_empty() {
        object.set("tags", &meta.tags);
    }
    for (key, value) in meta.carried.as_object().into_iter().flatten().filter(|(key, _)| travels(key)) {
        if let Ok(value) = to_raw_value(value) {
            object.set(key, value);
        }
    }
}
