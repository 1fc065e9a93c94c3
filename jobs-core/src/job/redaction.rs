//! Arguments as they may be displayed in logs, events and reports: whole, redacted or hidden.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::hidden::HIDDEN;
use crate::{JobRecord, Settings};

/// Replaces the value of a redacted argument.
const REDACTED: &str = "\"[redacted]\"";

/// Replaces the fields that no argument has, where an argument is redacted: their keys may be secret values.
const UNKNOWN: &str = "\"…\":\"[redacted]\"";

/// The most characters that are displayed.
const LONGEST: usize = 1000;

impl Settings {
    /// The settings that say how arguments of this stored version are displayed. If any argument has to be redacted,
    /// those of another version than the current one are hidden: there a key may stand for another value.
    pub const fn of_version(mut self, version: u32) -> Self {
        if version != self.version && self.redacts() {
            self.log_arguments = Some(false);
        }
        self
    }

    /// The arguments (JSON text of the current version, see [`of_version`](Self::of_version)) as they may be displayed:
    /// whole, with redacted values replaced, or hidden; cut after 1,000 characters. Arguments that cannot be read, or
    /// that have no names, are hidden if any of them has to be redacted.
    pub fn shown_arguments(&self, arguments: &str) -> String {
        self.visible_arguments(arguments).map_or_else(|| HIDDEN.to_owned(), |visible| truncated(&visible))
    }

    /// Whether arguments may be displayed as they are stored, all of them.
    pub const fn shows_all_arguments(&self) -> bool {
        self.shows_arguments() && !self.redacts()
    }

    /// The same without a cut; `None` if they are hidden.
    pub fn visible_arguments<'a>(&self, arguments: &'a str) -> Option<Cow<'a, str>> {
        if !self.shows_arguments() {
            return None;
        }
        if !self.redacts() {
            return Some(arguments.into());
        }
        // A positional list does not name its secret values.
        let fields: StoredFields<'_> = serde_json::from_str(arguments).ok()?;
        let (known, unknown): (Vec<_>, Vec<_>) = fields.0.into_iter().partition(|(key, _)| self.names_argument(key));
        let known = known.into_iter().map(|(key, value)| {
            let value = value.filter(|_| !self.hides(&key)).map_or(REDACTED, RawValue::get);
            format!("{}:{value}", Value::from(key))
        });
        let unknown = (!unknown.is_empty()).then(|| UNKNOWN.to_owned());
        Some(format!("{{{}}}", known.chain(unknown).collect::<Vec<_>>().join(",")).into())
    }

    /// Whether any argument is redacted.
    pub(super) const fn redacts(&self) -> bool {
        !self.redact.is_empty() || self.redact_except.is_some()
    }

    /// Whether this is the key of an argument, as far as the settings tell.
    pub(super) fn names_argument(&self, key: &str) -> bool {
        self.redact.contains(&key) || self.redact_except.is_none_or(|shown| shown.contains(&key))
    }

    /// Whether the value under this key is redacted.
    pub(super) fn hides(&self, key: &str) -> bool {
        self.redact.contains(&key) || self.redact_except.is_some_and(|shown| !shown.contains(&key))
    }
}

/// The fields of a JSON object; no value if a key is there twice, since only one of the two is read.
struct StoredFields<'a>(BTreeMap<String, Option<&'a RawValue>>);

impl<'de> Deserialize<'de> for StoredFields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(StoredFieldsVisitor)
    }
}

struct StoredFieldsVisitor;

impl<'de> Visitor<'de> for StoredFieldsVisitor {
    type Value = StoredFields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<StoredFields<'de>, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            fields.entry(name).and_modify(|first| *first = None).or_insert(Some(value));
        }
        Ok(StoredFields(fields))
    }
}

/// The unique key of a job as it may be displayed. It is a hash, from which an argument can be guessed that is not shown: so
/// it is hidden unless the arguments are shown as they are stored. `None` if the job is not unique.
pub fn shown_unique_key<'a>(job: &'a JobRecord, shown_arguments: Option<&str>) -> Option<&'a str> {
    let key = job.unique_key.as_deref()?;
    Some(if shown_arguments == Some(&job.arguments) { key } else { HIDDEN })
}

fn truncated(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
