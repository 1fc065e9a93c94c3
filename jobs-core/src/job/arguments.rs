//! Writes the arguments of a job as JSON text, and reads them back, also in an older version.

use serde_json::Value;

use super::positional::{self, Unfit};
use crate::failure::Unreadable;
use crate::{Context, DeserializeError, Error, Execution, Job, RecurringTask};

/// The arguments of a job as JSON text.
///
/// # Errors
/// A value cannot be written as JSON, as a map with keys that are not strings, or could not be read back, as infinity or
/// NaN: JSON has no such numbers, and writes `null` for them.
pub fn arguments_of<J: Job>(job: &J) -> Result<String, Error> {
    let text = serde_json::to_string(job).map_err(|cause| {
        let message = format!("the arguments of `{}` cannot be written as JSON: {cause}", J::SETTINGS.name);
        Error::invalid(message).with_source(cause)
    })?;
    // An error here reaches the caller who can correct it; one in the worker would come too late.
    if text.contains("null") {
        read_current::<J>(&text).map_err(|unread| unreadable::<J>(&text, unread))?;
    }
    Ok(text)
}

fn unreadable<J: Job>(text: &str, unread: DeserializeError) -> Error {
    let shown = J::SETTINGS.shown_arguments(text);
    let message = format!(
        "the arguments of `{}` could not be read back from {shown}: {unread} (a number that is infinite or none is \
         written as `null`)",
        J::SETTINGS.name
    );
    Error::invalid(message).with_source(unread)
}

impl Context {
    /// The job as a value, read again from its stored arguments.
    ///
    /// # Errors
    /// The arguments are not those of a `J`.
    pub fn job<J: Job>(&self) -> Result<J, DeserializeError> {
        read_execution(self.execution())
    }
}

impl RecurringTask {
    /// A task that enqueues this job with these arguments.
    ///
    /// # Errors
    /// Its arguments cannot be written as JSON.
    pub fn of<J: Job>(key: impl Into<String>, job: &J, schedule: impl Into<String>) -> Result<Self, Error> {
        let task = Self::new(key, J::SETTINGS.name, schedule);
        Ok(task.arguments(arguments_of(job)?).version(J::SETTINGS.version))
    }
}

/// Reads the job of an execution from its arguments; upgrades older versions.
pub(super) fn read_execution<J: Job>(execution: &Execution) -> Result<J, DeserializeError> {
    read_version(&execution.arguments, execution.version)
}

/// Reads arguments that were stored in this version.
pub(super) fn read_version<J: Job>(arguments: &str, stored: u32) -> Result<J, DeserializeError> {
    let current = J::SETTINGS.version;
    if stored == current {
        return read_current(arguments);
    }
    if stored > current {
        let message = format!(
            "the arguments are of version {stored}, this program knows version {current}: \
             a newer program wrote them; deploy it here, or let it run them"
        );
        return Err(DeserializeError::message(message));
    }
    let old: Value = DeserializeError::read(arguments)?;
    let new = J::upgrade(old, stored).map_err(|error| {
        let message = format!("the arguments cannot be upgraded from version {stored} to {current}: {error}");
        DeserializeError::caused(message, error)
    })?;
    // Through text, because only there serde reports line and column.
    read_current(&new.to_string())
}

/// Reads arguments of the current version. The error quotes no argument that the job's settings hide.
fn read_current<J: Job>(text: &str) -> Result<J, DeserializeError> {
    let unread = match Unreadable::or_read(text) {
        Ok(job) => return Ok(job),
        Err(unread) => unread,
    };
    match positional::read(J::SETTINGS.name, text) {
        None => Err(shown::<J>(unread)),
        Some(read) => read.map_err(|unfit| match unfit {
            Unfit::TooMany(error) => error,
            Unfit::Unreadable(unread) => shown::<J>(unread),
        }),
    }
}

/// The error, without arguments that the job's settings hide.
fn shown<J: Job>(unread: Unreadable) -> DeserializeError {
    if !quotes_hidden::<J>(&unread) {
        return unread.into();
    }
    let (line, column) = (unread.source.line(), unread.source.column());
    let what = unread.path.map(|path| format!("{path}: ")).unwrap_or_default();
    let place = if line > 0 { format!(", at line {line} column {column}") } else { String::new() };
    DeserializeError::message(format!(
        "the arguments cannot be read: {what}not what is expected, and not to be shown{place}"
    ))
}

/// Whether serde's message may quote an argument that is not to be shown. A message on a missing field quotes nothing.
fn quotes_hidden<J: Job>(Unreadable { path, source }: &Unreadable) -> bool {
    let settings = J::SETTINGS;
    let name = path.as_deref().and_then(|path| path.split(['.', '[']).next()).filter(|name| !name.is_empty());
    let redacted = !settings.redact.is_empty() && name.is_none_or(|name| settings.redact.contains(&name));
    let quotes = source.is_data() && !source.to_string().starts_with("missing field");
    quotes && (redacted || !settings.shows_arguments())
}
