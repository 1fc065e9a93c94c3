//! What is stored with a job besides its arguments.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::RawValue;

use crate::{Error, JobId, Timestamp};

/// What is stored with a job besides its arguments. Unknown keys are kept and written back letter by letter.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(try_from = "MetaFields")]
#[non_exhaustive]
pub struct Meta {
    /// How often each `retry_on` declaration has counted an error of this job
    /// (Active Job's `exception_executions`).
    pub exception_executions: BTreeMap<String, u32>,
    /// The W3C trace context of the code that enqueued the job.
    pub traceparent: Option<String>,
    /// The values that were propagated from where the job was enqueued, by [`Propagated::KEY`](crate::Propagated::KEY): an
    /// object. A value of another type is kept and not read.
    pub carried: Value,
    /// The tick of a recurring task that the job was enqueued for.
    pub tick: Option<Timestamp>,
    /// The job that enqueued this job while it was performed.
    pub enqueued_by: Option<JobId>,
    /// How often the job put itself off with [`Context::snooze`](crate::Context::snooze).
    pub snoozes: u32,
    /// Free texts for search.
    pub tags: Vec<String>,
    /// Keys that this version does not know. A number that a [`Value`] cannot hold is nearly that number here, or the
    /// value is null; it is written back as it was, unless the value is changed.
    pub unknown: BTreeMap<String, Value>,
    /// The text of those values above that would not be written as they were read.
    exact: BTreeMap<String, String>,
}

type MetaFields = BTreeMap<String, Box<RawValue>>;

const CARRIED: &str = "carried";

impl Meta {
    /// Reads the stored text; `None` gives an empty [`Meta`].
    ///
    /// # Errors
    /// The text is not a JSON object of this form; the error [is corrupt](Error::is_corrupt).
    pub fn parse(text: Option<&str>) -> Result<Self, Error> {
        let Some(text) = text else { return Ok(Self::default()) };
        serde_json::from_str(text)
            .map_err(|cause| Error::corrupt("the `meta` of the job is not what was written").with_source(cause))
    }

    /// The text to store; `None` if it is empty.
    pub fn to_text(&self) -> Option<String> {
        if *self == Self::default() {
            return None;
        }
        // Maps with string keys and plain values can always be written as JSON.
        serde_json::to_string(self).ok()
    }

    /// Sets the propagated values, an object of these.
    pub(crate) fn carry(&mut self, values: &BTreeMap<&str, &RawValue>) {
        if let Ok(all) = serde_json::value::to_raw_value(values) {
            self.carried = self.read(CARRIED, &all);
        }
    }

    /// The value of this text, which is kept if the value would not be written like it.
    fn read(&mut self, key: &str, raw: &RawValue) -> Value {
        let value = value(raw.get());
        let written = value.to_string();
        if written != raw.get() {
            self.exact.insert(key.to_owned(), raw.get().to_owned());
        }
        value
    }

    /// The text that the value under this key was read from, unless the value has changed since.
    fn unchanged(&self, key: &str, now: &Value) -> Option<Box<RawValue>> {
        let text = self.exact.get(key).filter(|text| value(text) == *now)?;
        RawValue::from_string(text.clone()).ok()
    }
}

/// The value of a text; null if it holds a number that is too large.
fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_default()
}

impl TryFrom<MetaFields> for Meta {
    type Error = serde_json::Error;

    fn try_from(fields: MetaFields) -> serde_json::Result<Self> {
        let mut meta = Self::default();
        for (key, raw) in fields {
            match key.as_str() {
                "exception_executions" => meta.exception_executions = serde_json::from_str(raw.get())?,
                "traceparent" => meta.traceparent = serde_json::from_str(raw.get())?,
                CARRIED => meta.carried = meta.read(CARRIED, &raw),
                "tick" => meta.tick = serde_json::from_str(raw.get())?,
                "enqueued_by" => meta.enqueued_by = serde_json::from_str(raw.get())?,
                "snoozes" => meta.snoozes = serde_json::from_str(raw.get())?,
                "tags" => meta.tags = serde_json::from_str(raw.get())?,
                unknown => {
                    let value = meta.read(unknown, &raw);
                    meta.unknown.insert(key, value);
                }
            }
        }
        Ok(meta)
    }
}

impl Serialize for Meta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.exception_executions.is_empty() {
            map.serialize_entry("exception_executions", &self.exception_executions)?;
        }
        if let Some(traceparent) = &self.traceparent {
            map.serialize_entry("traceparent", traceparent)?;
        }
        let carried = self.has_carried().then_some((CARRIED, &self.carried));
        self.write(&mut map, carried.into_iter())?;
        if let Some(tick) = &self.tick {
            map.serialize_entry("tick", tick)?;
        }
        if let Some(job) = &self.enqueued_by {
            map.serialize_entry("enqueued_by", job)?;
        }
        if self.snoozes > 0 {
            map.serialize_entry("snoozes", &self.snoozes)?;
        }
        if !self.tags.is_empty() {
            map.serialize_entry("tags", &self.tags)?;
        }
        self.write(&mut map, self.unknown.iter().map(|(key, value)| (key.as_str(), value)))?;
        map.end()
    }
}

impl Meta {
    /// Null counts as missing, unless it stands for a value that cannot be read.
    fn has_carried(&self) -> bool {
        !self.carried.is_null() || self.unchanged(CARRIED, &self.carried).is_some()
    }

    fn write<'a, M: SerializeMap>(
        &self,
        map: &mut M,
        values: impl Iterator<Item = (&'a str, &'a Value)>,
    ) -> Result<(), M::Error> {
        for (key, value) in values {
            match self.unchanged(key, value) {
                Some(text) => map.serialize_entry(key, &text)?,
                None => map.serialize_entry(key, value)?,
            }
        }
        Ok(())
    }
}
