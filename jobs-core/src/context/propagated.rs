//! Values that are propagated from where a job is enqueued to where it is performed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Meta};

/// A value that is propagated from where a job is enqueued to where it is performed, as a locale or a tenant.
///
/// It is stored as JSON with each job, so it should be small and contain no secrets.
///
/// ```
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Locale(String);
///
/// impl jobs_core::Propagated for Locale {
///     const KEY: &'static str = "locale";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not carried with jobs",
    note = "derive serde's traits and write `impl jobs::propagation::Propagated for {Self} {{ const KEY: &'static str = \"..\"; }}`"
)]
pub trait Propagated: Serialize + DeserializeOwned {
    /// The key under which it is stored. Do not change it: stored jobs have it.
    const KEY: &'static str;
}

/// The values that one piece of code propagates, and its trace context.
#[derive(Clone, Debug, Default)]
pub struct PropagatedValues {
    values: BTreeMap<String, Result<Value, String>>,
    traceparent: Option<String>,
    /// Shared by all clones, so that the worker finds what the job could not read.
    unread: Arc<Mutex<Vec<PropagationError>>>,
}

/// A stored value that cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PropagationError {
    /// The key under which it is stored; `meta` if the metadata as a whole cannot be read.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
}

/// The part of [`Meta`] that is read before a perform.
#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    carried: Value,
    #[serde(default)]
    traceparent: Value,
}

impl PropagatedValues {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// The values of a stored job. A value that cannot be read is recorded and left out.
    pub fn stored(meta: &str) -> Self {
        let mut baggage = Self::new();
        let stored: Stored = match serde_json::from_str(meta) {
            Ok(stored) => stored,
            Err(error) => {
                baggage.note("meta", &error);
                return baggage;
            }
        };
        match stored.carried {
            Value::Object(values) => {
                baggage.values = values.into_iter().map(|(key, value)| (key, Ok(value))).collect();
            }
            Value::Null => {}
            _ => baggage.note("carried", &"it is not an object"),
        }
        match stored.traceparent {
            Value::String(text) => baggage.traceparent = Some(text),
            Value::Null => {}
            _ => baggage.note("traceparent", &"it is not a string"),
        }
        baggage
    }

    /// Whether there are no values and no trace context.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.traceparent.is_none()
    }

    /// Whether there is a value under this key.
    pub fn holds(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Adds a value; it replaces an earlier one with its key.
    pub fn put<T: Propagated>(&mut self, value: &T) {
        let value = serde_json::to_value(value).map_err(|error| error.to_string());
        self.values.insert(T::KEY.to_owned(), value);
    }

    /// Sets the trace context.
    pub fn trace(&mut self, traceparent: String) {
        self.traceparent = Some(traceparent);
    }

    /// The value under the key of `T`. A value that is not a `T` is recorded, and counts as missing.
    pub fn get<T: Propagated>(&self) -> Option<T> {
        let value = self.values.get(T::KEY)?.as_ref().ok()?;
        T::deserialize(value).map_err(|error| self.note(T::KEY, &error)).ok()
    }

    /// The W3C trace context.
    pub fn traceparent(&self) -> Option<&str> {
        self.traceparent.as_deref()
    }

    /// The values that could not be read so far, each key once; the next call does not return them again.
    pub fn take_unread(&self) -> Vec<PropagationError> {
        std::mem::take(&mut self.unread.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, key: &str, why: &dyn std::fmt::Display) {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        if !unread.iter().any(|one| one.key == key) {
            unread.push(PropagationError { key: key.to_owned(), message: why.to_string() });
        }
    }

    /// The metadata of a new job with these values.
    ///
    /// # Errors
    /// A value cannot be written as JSON; the error names it.
    pub fn to_meta(&self) -> Result<Meta, Error> {
        let mut meta = Meta { traceparent: self.traceparent.clone(), ..Meta::default() };
        let mut values = Map::new();
        for (key, value) in &self.values {
            let value = value.clone().map_err(|why| not_writable(key, &why))?;
            values.insert(key.clone(), value);
        }
        if !values.is_empty() {
            meta.carried = Value::Object(values);
        }
        Ok(meta)
    }
}

fn not_writable(key: &str, why: &str) -> Error {
    Error::invalid(format!("the value that is carried as `{key}` cannot be written as JSON: {why}"))
}
