//! Writes the arguments of a job as JSON text, and reads them back, also in an older version.

use serde_json::Value;

use super::positional::{self, Unfit};
use crate::failure::Unreadable;
use crate::json_text::{self, DEEPEST, NonFinite, Present, is_too_deep};
use crate::{BoxError, Context, DeserializeError, Error, Execution, Job, RecurringTask, Settings};

/// The arguments of a job as JSON text.
///
/// # Errors
/// A value cannot be written as JSON, as a map with keys that are not strings; or it could not be read back, as a field that
/// serde leaves out when it writes and misses when it reads, or more than 127 lists and objects inside one another; or another
/// value would be read back, as for infinity, NaN and `Some(None)`, for which JSON has `null`.
pub fn arguments_of<J: Job>(job: &J) -> Result<String, Error> {
    let text = serde_json::to_string(job).map_err(unwritable::<J>)?;
    // An error here reaches the caller who can correct it; one in the worker would come too late.
    let read: J = read_current(&text).map_err(|unread| unreadable::<J>(&text, unread))?;
    if text.contains("null") {
        if NonFinite::of(&read) != NonFinite::of(job) {
            return Err(not_finite::<J>());
        }
        if Present::of(&read) != Present::of(job) {
            return Err(not_present::<J>());
        }
    }
    Ok(text)
}

fn not_finite<J: Job>() -> Error {
    Error::invalid(format!(
        "the arguments of `{}` hold a number that is infinite or NaN; JSON has no such numbers, and it would be read back \
         as none. Enqueue a finite number, or `None`",
        J::SETTINGS.name
    ))
}

fn not_present<J: Job>() -> Error {
    Error::invalid(format!(
        "the arguments of `{}` hold a `Some` of nothing, as `Some(None)`; JSON has one `null` for it and for `None`, as which it \
         would be read back. Enqueue `None`, or use an enum with a name for each case",
        J::SETTINGS.name
    ))
}

/// The error of a value that cannot be written. The error of an implementation of `Serialize` may quote an argument.
fn unwritable<J: Job>(cause: serde_json::Error) -> Error {
    let what = format!("the arguments of `{}` cannot be written as JSON", J::SETTINGS.name);
    let is_hidden = J::SETTINGS.redacts() || !J::SETTINGS.shows_arguments();
    if is_hidden && cause.is_data() {
        return Error::invalid(format!("{what}; the error is not shown, since it may quote an argument"));
    }
    Error::invalid(format!("{what}: {cause}")).with_source(cause)
}

fn unreadable<J: Job>(text: &str, unread: DeserializeError) -> Error {
    let name = J::SETTINGS.name;
    if is_too_deep(text) {
        let message = format!(
            "the arguments of `{name}` have more than {DEEPEST} lists and objects inside one another, and could not be \
             read back: {unread}. Enqueue a flatter value"
        );
        return Error::invalid(message).with_source(unread);
    }
    let shown = J::SETTINGS.shown_arguments(text);
    let is_missing = unread.to_string().contains("missing field");
    let hint = if text.contains("null") && !is_missing {
        "a number that is infinite or none is written as `null`"
    } else {
        "serde's attributes have to read what they write: a field with `skip_serializing_if` needs `default` too"
    };
    let message = format!("the arguments of `{name}` could not be read back from {shown}: {unread} ({hint})");
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
    let new = J::upgrade(old.clone(), stored).map_err(|error| not_upgraded::<J>(stored, error))?;
    // Through text, because only there serde reports line and column.
    read_current(&json_text::changed(arguments, &old, &new))
}

/// The error of an upgrade. It may quote any argument, so it is left out if one of them must not be shown.
fn not_upgraded<J: Job>(stored: u32, error: BoxError) -> DeserializeError {
    let what = format!("the arguments cannot be upgraded from version {stored} to {}", J::SETTINGS.version);
    if J::SETTINGS.redacts() || !J::SETTINGS.shows_arguments() {
        return DeserializeError::message(format!("{what}; the error is not shown, since it may quote an argument"));
    }
    DeserializeError::caused(format!("{what}: {error}"), error)
}

/// Checks the names of arguments that a person wrote. Those of another version may have had other names.
pub(super) fn check_names<J: Job>(arguments: &str, version: u32) -> Result<(), Error> {
    if version != J::SETTINGS.version {
        return Ok(());
    }
    let checked = positional::check_names::<J>(J::SETTINGS.name, arguments);
    checked.map_err(|unknown| Error::invalid(unknown.to_string()).with_source(unknown))
}

/// Reads arguments of the current version. The error quotes no argument that the job's settings hide.
fn read_current<J: Job>(text: &str) -> Result<J, DeserializeError> {
    if positional::may_be_marked(text)
        && let Some(read) = positional::read(J::SETTINGS.name, text)
    {
        return read.map_err(fit_error::<J>);
    }
    let unread = match Unreadable::or_read(text) {
        Ok(job) => return Ok(job),
        Err(unread) => unread,
    };
    match positional::read(J::SETTINGS.name, text) {
        None => Err(shown::<J>(unread)),
        Some(read) => read.map_err(fit_error::<J>),
    }
}

fn fit_error<J: Job>(unfit: Unfit) -> DeserializeError {
    match unfit {
        Unfit::TooMany(error) => error,
        Unfit::Unreadable(unread) => shown::<J>(unread),
    }
}

/// The error, without arguments that the job's settings hide.
fn shown<J: Job>(mut unread: Unreadable) -> DeserializeError {
    let quotes_hidden = quotes_hidden::<J>(&unread);
    if hides_path::<J>(unread.path.as_deref()) {
        // The keys inside an argument may be values, as those of a map.
        unread.path = unread.path.map(|path| first_key(&path).to_owned()).filter(|key| !key.is_empty());
    }
    if !quotes_hidden {
        return unread.into();
    }
    let (line, column) = (unread.source.line(), unread.source.column());
    // The first key is shown if it is the name of an argument, not if it is part of the stored values.
    let path = unread.path.filter(|path| is_name::<J>(first_key(path)));
    let what = path.map(|path| format!("{path}: ")).unwrap_or_default();
    let place = if line > 0 { format!(", at line {line} column {column}") } else { String::new() };
    DeserializeError::message(format!(
        "the arguments cannot be read: {what}not what is expected, and not to be shown{place}"
    ))
}

/// Whether serde's message may quote an argument that is not to be shown. A message on a missing field quotes nothing.
fn quotes_hidden<J: Job>(Unreadable { path, source }: &Unreadable) -> bool {
    let quotes = source.is_data() && !source.to_string().starts_with("missing field");
    quotes && hides_path::<J>(path.as_deref())
}

/// Whether the argument with this path is not to be shown, or no argument is.
fn hides_path<J: Job>(path: Option<&str>) -> bool {
    let settings = J::SETTINGS;
    let name = path.map(first_key).filter(|name| !name.is_empty());
    let hides = |name| settings.hides(name) || path.is_some_and(|path| begins_with_redacted(&settings, path));
    settings.redacts() && name.is_none_or(hides) || !settings.shows_arguments()
}

/// Whether the path begins with the key of a redacted argument. A key may have the characters that separate the keys of a path.
fn begins_with_redacted(settings: &Settings, path: &str) -> bool {
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with(['.', '[']);
    settings.redact.iter().any(|key| path.strip_prefix(key).is_some_and(is_end))
}

/// The key of an argument in the path of a field; empty if the arguments are a list.
fn first_key(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// Whether the key is empty, for a list, or the name of an argument.
fn is_name<J: Job>(key: &str) -> bool {
    key.is_empty() || J::SETTINGS.names_argument(key)
}
