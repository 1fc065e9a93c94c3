//! The error of stored arguments that cannot be read.

use std::error::Error as StdError;
use std::fmt;

use serde::de::DeserializeOwned;

use super::DeserializeError;
use crate::BoxError;

/// What serde could not read, and the path of the field; no path if it is the whole, or if the text is not JSON.
pub(crate) struct Unreadable {
    pub(crate) path: Option<String>,
    pub(crate) source: serde_json::Error,
}

impl Unreadable {
    /// Reads arguments from JSON text.
    pub(crate) fn or_read<T: DeserializeOwned>(text: &str) -> Result<T, Self> {
        serde_json::from_str(text).map_err(|source| Self { path: path_to::<T>(text, &source), source })
    }
}

/// The path of the value that `T` could not be read from. Tracking the path costs time, so the text is read a second time
/// instead of tracking it in every read.
fn path_to<T: DeserializeOwned>(text: &str, error: &serde_json::Error) -> Option<String> {
    if !error.is_data() {
        return None;
    }
    let mut again = serde_json::Deserializer::from_str(text);
    let error = serde_path_to_error::deserialize::<_, T>(&mut again).err()?;
    let path = error.path();
    path.iter().next().is_some().then(|| path.to_string())
}

impl From<Unreadable> for DeserializeError {
    fn from(Unreadable { path, source }: Unreadable) -> Self {
        match path {
            Some(path) => Self::caused(format!("the arguments cannot be read: {path}: {source}"), source),
            None => Self::new(source),
        }
    }
}

impl DeserializeError {
    /// Of serde's error.
    pub fn new(source: serde_json::Error) -> Self {
        Self::caused(format!("the arguments cannot be read: {source}"), source)
    }

    /// Of an error that the library found itself.
    pub fn message(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Reads arguments from JSON text; the error names the field.
    pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Self> {
        Unreadable::or_read(text).map_err(Self::from)
    }

    pub(crate) fn caused(message: String, source: impl Into<BoxError>) -> Self {
        Self { message, source: Some(source.into()) }
    }
}

impl fmt::Display for DeserializeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl StdError for DeserializeError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
