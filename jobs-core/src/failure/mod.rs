//! Why a perform did not succeed: the job's own error, or one of the library's.

pub(crate) mod error_chain;
mod path;

use std::any::{Any, type_name};
use std::error::Error as StdError;
use std::fmt;
use std::ops::Deref;

use serde::de::DeserializeOwned;

use crate::{BoxError, ErrorRecord, Job, Settings};
use path::path_to;

/// What an attempt ended with instead of success.
///
/// Holds the job's own error, or [`DeserializeError`], [`Panic`], [`TimedOut`] or [`NotProvided`].
pub struct Failure {
    value: Box<dyn Any + Send + Sync>,
    view: View,
    class: &'static str,
    message: String,
}

type View = fn(&(dyn Any + Send + Sync)) -> Option<&(dyn StdError + 'static)>;

impl Failure {
    /// The error that a job returned.
    pub fn raised<J: Job>(error: J::Error) -> Self {
        Self {
            message: error.to_string(),
            class: type_name::<J::Error>(),
            value: Box::new(error),
            view: |value| value.downcast_ref().and_then(J::cause),
        }
    }

    /// Any error that is one by the standard library's trait.
    pub fn from_error<E: StdError + Send + Sync + 'static>(error: E) -> Self {
        Self {
            message: error.to_string(),
            class: type_name::<E>(),
            value: Box::new(error),
            view: |value| value.downcast_ref::<E>().map(|error| error as _),
        }
    }

    /// The error itself, if it is an `E`. Its causes are not searched; see [`find`](Self::find).
    pub fn downcast_ref<E: 'static>(&self) -> Option<&E> {
        self.value.downcast_ref()
    }

    /// The error itself, taken out, if it is an `E`.
    ///
    /// # Errors
    /// Gives the failure back if it is something else.
    pub fn downcast<E: 'static>(self) -> Result<E, Self> {
        if !self.value.is::<E>() {
            return Err(self);
        }
        let Self { value, view, class, message } = self;
        value.downcast().map(|error| *error).map_err(|value| Self { value, view, class, message })
    }

    /// The first `E` among the error and its causes, outermost first.
    pub fn find<E: StdError + 'static>(&self) -> Option<&E> {
        self.value.downcast_ref().or_else(|| self.layers().find_map(error_chain::as_a))
    }

    /// The error and its causes, outermost first. Empty if the job's error offers no view of itself.
    ///
    /// What an `io::Error` was made from is a cause of it, though its `source()` leaves that out.
    pub fn layers(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        error_chain::chain((self.view)(&*self.value))
    }

    /// The type of the error, as `shop::PaymentError`.
    pub const fn class(&self) -> &'static str {
        self.class
    }

    /// The words of the error.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What is stored of it.
    pub fn record(&self) -> ErrorRecord {
        let mut record = ErrorRecord::new(self.class, self.message.clone());
        // An error that only passes on the words of its cause would have them stored twice.
        let mut words: Vec<_> = self.layers().map(ToString::to_string).collect();
        words.dedup();
        record.causes = words.into_iter().skip(1).collect();
        record
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failure({}: {})", self.class, self.message)
    }
}

/// The stored arguments are not those of the job's function. Names the field, as `order.lines[2].price`.
#[derive(Debug)]
pub struct DeserializeError {
    message: String,
    source: Option<BoxError>,
}

impl DeserializeError {
    /// Of serde's error.
    pub fn new(source: serde_json::Error) -> Self {
        Self::caused(format!("the arguments cannot be read: {source}"), source)
    }

    /// Reads the text of arguments; the error says in which field it is wrong.
    pub(crate) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Self> {
        serde_json::from_str(text).map_err(|source| Self::at(path_to(text, &source), source))
    }

    /// As [`read`](Self::read), and the error quotes no argument that the job's settings hide.
    pub(crate) fn read_job<J: Job>(text: &str) -> Result<J, Self> {
        serde_json::from_str(text).map_err(|source| {
            let path = path_to(text, &source);
            if !quotes_hidden(&J::SETTINGS, path.as_deref(), &source) {
                return Self::at(path, source);
            }
            let (line, column) = (source.line(), source.column());
            let what = path.map(|path| format!("{path}: ")).unwrap_or_default();
            Self::message(format!(
                "the arguments cannot be read: {what}not what is expected, and not to be shown, \
                 at line {line} column {column}"
            ))
        })
    }

    fn at(path: Option<String>, source: serde_json::Error) -> Self {
        match path {
            Some(path) => Self::caused(format!("the arguments cannot be read: {path}: {source}"), source),
            None => Self::new(source),
        }
    }

    pub(crate) fn caused(message: String, source: impl Into<BoxError>) -> Self {
        Self { message, source: Some(source.into()) }
    }

    /// Of the library's own finding.
    pub fn message(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }
}

/// Whether serde's words may quote an argument that is not to be seen. Words on a missing field quote nothing.
fn quotes_hidden(settings: &Settings, path: Option<&str>, error: &serde_json::Error) -> bool {
    let name = path.and_then(|path| path.split(['.', '[']).next()).filter(|name| !name.is_empty());
    let redacted = !settings.redact.is_empty() && name.is_none_or(|name| settings.redact.contains(&name));
    let quotes = error.is_data() && !error.to_string().starts_with("missing field");
    quotes && (redacted || !settings.shows_arguments())
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

/// The job panicked. The process goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    message: String,
}

impl Panic {
    /// From what `catch_unwind` caught.
    pub fn caught(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Self { message: text.unwrap_or_else(|| "a panic without words".to_owned()) }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job panicked: {}", self.message)
    }
}

impl StdError for Panic {}

/// The job ran longer than its `timeout` and was dropped at its next await.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedOut {
    /// The limit it passed.
    pub after: std::time::Duration,
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job ran longer than its timeout of {:?}", self.after)
    }
}

impl StdError for TimedOut {}

/// The job's function borrows a type that nobody provided. `build()` refuses this before anything runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotProvided {
    /// The type that is missing.
    pub missing: &'static str,
}

impl fmt::Display for NotProvided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing provides `{}`; give it to the runtime with `.provide(..)`", self.missing)
    }
}

impl StdError for NotProvided {}

/// A view of a job's error as the standard library's trait. The macro writes the call.
///
/// `Kind` is inferred: one implementation covers what is an error itself, one what derefs to one
/// (`anyhow::Error`, `Box<dyn Error + Send + Sync>`).
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the error of a job",
    label = "not an error type",
    note = "a job returns `Result<T, E>` where `E` implements `std::error::Error + Send + Sync + 'static`, \
            or is `anyhow::Error` or `Box<dyn std::error::Error + Send + Sync>`"
)]
pub trait AsError<Kind>: 'static {
    /// The view.
    fn as_error(&self) -> Option<&(dyn StdError + 'static)>;
}

/// `Kind` of what is an error itself.
#[derive(Debug)]
pub enum Itself {}

/// `Kind` of what derefs to an error.
#[derive(Debug)]
pub enum Boxed {}

impl<E: StdError + 'static> AsError<Itself> for E {
    fn as_error(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self)
    }
}

impl<E> AsError<Boxed> for E
where
    E: Deref<Target = dyn StdError + Send + Sync> + 'static,
{
    fn as_error(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&**self)
    }
}

/// [`AsError::as_error`] with the kind inferred.
pub fn as_error<Kind, E: AsError<Kind>>(error: &E) -> Option<&(dyn StdError + 'static)> {
    error.as_error()
}
