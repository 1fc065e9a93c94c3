//! The `meta` of a job: what Active Job has of it, counters, locale and time zone, is in the serialized job.

use std::collections::BTreeMap;

use jobs_core::Meta;
use serde::Serialize;
use serde_json::value::RawValue;

use super::RowPayload;

/// What Active Job has of a `meta`, in the order in which [`Meta`] is written.
#[derive(Serialize)]
struct OfActiveJob {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    exception_executions: BTreeMap<String, u32>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    carried: BTreeMap<&'static str, Box<RawValue>>,
}

impl RowPayload {
    /// The metadata as JSON text. The counters are those of the serialized job, since Ruby counts and resets these.
    pub(crate) fn meta(&self) -> Option<String> {
        let counters = self.job.exception_executions();
        let Some(own) = &self.own.meta else { return self.meta_of_active_job(counters) };
        if counters.is_empty() && !own.contains("exception_executions") {
            return Some(own.clone());
        }
        match Meta::parse(Some(own)) {
            Ok(mut meta) if meta.exception_executions != counters => {
                meta.exception_executions = counters;
                meta.to_text()
            }
            _ => Some(own.clone()),
        }
    }

    fn meta_of_active_job(&self, exception_executions: BTreeMap<String, u32>) -> Option<String> {
        let raw = |key: &str| RawValue::from_string(self.job.get(key).filter(|text| *text != "null")?.to_owned()).ok();
        let carried = ["locale", "timezone"].into_iter().filter_map(|key| Some((key, raw(key)?))).collect();
        let meta = OfActiveJob { exception_executions, carried };
        let is_empty = meta.exception_executions.is_empty() && meta.carried.is_empty();
        serde_json::to_string(&meta).ok().filter(|_| !is_empty)
    }

    /// Replaces the metadata: what Active Job has of it in the serialized job, all of it in our own data if that says more.
    pub(crate) fn set_meta(&mut self, text: Option<&str>) {
        let meta = Meta::parse(text).unwrap_or_default();
        self.set_counters(&meta.exception_executions);
        for key in ["locale", "timezone"] {
            let value = meta.carried.get(key).filter(|value| value.is_string());
            // A value that was read may stay as it is; texts can always be written.
            let _written = value.map(|value| self.job.set(key, value));
        }
        let said = self.meta_of_active_job(meta.exception_executions);
        self.own.meta = text.filter(|text| said.as_deref() != Some(text)).map(str::to_owned);
    }

    fn set_counters(&mut self, counters: &BTreeMap<String, u32>) {
        let existing = self.job.exception_executions();
        if existing.keys().all(|key| counters.contains_key(key)) {
            for (key, count) in counters.iter().filter(|(key, count)| existing.get(*key) != Some(count)) {
                self.job.set_exception_executions(key, *count);
            }
        } else {
            self.reset_counters(counters);
        }
    }

    /// With these counters and no others. A map of numbers can always be written.
    pub(super) fn reset_counters(&mut self, counters: &BTreeMap<String, u32>) {
        let _written = self.job.set("exception_executions", counters);
    }
}
