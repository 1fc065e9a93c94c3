//! Values that are propagated from where a job is enqueued to where it is performed.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::failure::class_name;
use crate::json_text::{DEEPEST, NonFinite, is_too_deep};
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

/// The values that one piece of code propagates, and its trace context. `Debug` shows only their keys.
#[derive(Clone, Default)]
pub struct PropagatedValues {
    /// JSON text, since a `Value` does not hold every number.
    values: BTreeMap<String, Result<Box<RawValue>, String>>,
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
    carried: Option<Box<RawValue>>,
    #[serde(default)]
    traceparent: Value,
}

impl fmt::Debug for PropagatedValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: Vec<_> = self.values.keys().collect();
        f.debug_struct("PropagatedValues").field("keys", &keys).finish_non_exhaustive()
    }
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
        if let Some(carried) = stored.carried {
            match serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(carried.get()) {
                Ok(values) => baggage.values = values.into_iter().map(|(key, value)| (key, Ok(value))).collect(),
                Err(_) => baggage.note("carried", &"it is not an object"),
            }
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
        self.values.insert(T::KEY.to_owned(), text_of(value));
    }

    /// Sets the trace context.
    pub fn trace(&mut self, traceparent: String) {
        self.traceparent = Some(traceparent);
    }

    /// The value under the key of `T`. A value that is not a `T` is recorded, and counts as missing.
    pub fn get<T: Propagated>(&self) -> Option<T> {
        let value = self.values.get(T::KEY)?.as_ref().ok()?;
        // Not in serde's words, which quote the value.
        let unread = |_| self.note(T::KEY, &format_args!("the value is not a `{}`", class_name::<T>()));
        serde_json::from_str(value.get()).map_err(unread).ok()
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
        let mut meta = Meta::default();
        meta.traceparent.clone_from(&self.traceparent);
        let mut values = BTreeMap::new();
        for (key, value) in &self.values {
            let value = value.as_deref().map_err(|why| not_writable(key, why))?;
            values.insert(key.as_str(), value);
        }
        if !values.is_empty() {
            meta.carry(&values);
        }
        Ok(meta)
    }
}

/// The value as JSON text from which it can be read back.
fn text_of<T: Propagated>(value: &T) -> Result<Box<RawValue>, String> {
    if NonFinite::of(value).any() {
        return Err("it holds a number that is infinite or NaN".to_owned());
    }
    let text = to_raw_value(value).map_err(|error| error.to_string())?;
    if is_too_deep(text.get()) {
        return Err(format!("it has more than {DEEPEST} lists and objects inside one another"));
    }
    Ok(text)
}

fn not_writable(key: &str, why: &str) -> Error {
    Error::invalid(format!("the value that is carried as `{key}` cannot be written as JSON: {why}"))
}
