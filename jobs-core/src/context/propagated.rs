//! Values that travel with a job besides its arguments: what was in force where it was enqueued.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Error, Meta};

/// A value that travels from where a job is enqueued to where it is performed, as a locale or a tenant.
///
/// It is stored as JSON with each job, so it is small and holds no secrets.
///
/// ```
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Locale(String);
///
/// impl jobs_core::Carried for Locale {
///     const KEY: &'static str = "locale";
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not carried with jobs",
    note = "derive serde's traits and write `impl jobs::Carried for {Self} {{ const KEY: &'static str = \"..\"; }}`"
)]
pub trait Carried: Serialize + DeserializeOwned {
    /// What it is stored under. Keep it: stored jobs have it.
    const KEY: &'static str;
}

/// The values in force at one place, and the trace they are part of.
#[derive(Clone, Debug, Default)]
pub struct Baggage {
    values: BTreeMap<String, Result<Value, String>>,
    traceparent: Option<String>,
    /// Shared by all that were made of one another: who performs the job tells of it.
    unread: Arc<Mutex<Vec<Unread>>>,
}

/// A value that was stored and cannot be read back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Unread {
    /// What it is stored under; `meta` if that is not readable as a whole.
    pub key: String,
    /// What is wrong with it.
    pub message: String,
}

/// The part of [`Meta`] that is looked at before a perform.
#[derive(Deserialize)]
struct Stored {
    #[serde(default)]
    carried: Value,
    #[serde(default)]
    traceparent: Value,
}

impl Baggage {
    /// Nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// What travels with a stored job. What cannot be read is noted and left out.
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
            _ => baggage.note("carried", &"it is no object"),
        }
        match stored.traceparent {
            Value::String(text) => baggage.traceparent = Some(text),
            Value::Null => {}
            _ => baggage.note("traceparent", &"it is no text"),
        }
        baggage
    }

    /// Whether nothing travels.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.traceparent.is_none()
    }

    /// Whether there is a value under this key.
    pub fn holds(&self, key: &str) -> bool {
        self.values.contains_key(key)
    }

    /// Puts a value in, in the place of one with its key.
    pub fn put<T: Carried>(&mut self, value: &T) {
        let value = serde_json::to_value(value).map_err(|error| error.to_string());
        self.values.insert(T::KEY.to_owned(), value);
    }

    /// Puts the trace in.
    pub fn trace(&mut self, traceparent: String) {
        self.traceparent = Some(traceparent);
    }

    /// The value under the key of `T`. One that is no `T` is noted, and read as none.
    pub fn find<T: Carried>(&self) -> Option<T> {
        let value = self.values.get(T::KEY)?.as_ref().ok()?;
        T::deserialize(value).map_err(|error| self.note(T::KEY, &error)).ok()
    }

    /// The W3C trace context.
    pub fn traceparent(&self) -> Option<&str> {
        self.traceparent.as_deref()
    }

    /// What could not be read so far, each key once; it is not told again.
    pub fn take_unread(&self) -> Vec<Unread> {
        std::mem::take(&mut self.unread.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, key: &str, why: &dyn std::fmt::Display) {
        let mut unread = self.unread.lock().unwrap_or_else(PoisonError::into_inner);
        if !unread.iter().any(|one| one.key == key) {
            unread.push(Unread { key: key.to_owned(), message: why.to_string() });
        }
    }

    /// As it is stored with a job that nothing has happened to.
    ///
    /// # Errors
    /// A value cannot be written as JSON; says which.
    pub fn to_meta(&self) -> Result<Meta, Error> {
        let mut meta = Meta { traceparent: self.traceparent.clone(), ..Meta::default() };
        let mut values = Map::new();
        for (key, value) in &self.values {
            let value = value.clone().map_err(|why| cannot_be_written(key, &why))?;
            values.insert(key.clone(), value);
        }
        if !values.is_empty() {
            meta.carried = Value::Object(values);
        }
        Ok(meta)
    }
}

fn cannot_be_written(key: &str, why: &str) -> Error {
    Error::invalid(format!("the value that is carried as `{key}` cannot be written as JSON: {why}"))
}
