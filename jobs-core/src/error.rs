//! The error of stores and of the runtime.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;

/// Any error that can cross threads.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// `Result` with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a store or of the runtime, with a message that says what to do.
///
/// Opaque: ask the predicates. The driver's own error is the [`source`](StdError::source). A clone shares it.
#[derive(Clone)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    source: Option<Arc<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ErrorKind {
    Transient,
    Conflict,
    Corrupt,
    Invalid,
    Unsupported,
    NotFound,
    Other,
}

impl Error {
    /// The store could not be reached or was busy; the same call may succeed later.
    pub fn transient(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::Transient, message)
    }

    /// Another process holds or changed what the call was about.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::Conflict, message)
    }

    /// Stored data cannot be read.
    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::Corrupt, message)
    }

    /// The caller asked for something that is not possible, or passed a wrong value.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::Invalid, message)
    }

    /// The store does not have the capability that the call needs.
    pub fn unsupported(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::Unsupported, message)
    }

    /// The job, queue, task or process that the call names does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::NotFound, message)
    }

    /// Any other error; the same call will not succeed later.
    pub fn other(message: impl Into<String>) -> Self {
        Self::of(ErrorKind::Other, message)
    }

    fn of(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// The same error with the error that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// An error of the same kind with another message, caused by this one.
    pub fn context(self, message: impl Into<String>) -> Self {
        self.wrap(message, |error| error)
    }

    /// An error of the same kind with another message, caused by what `wrap` makes of this one.
    pub fn wrap<E: Into<BoxError>>(self, message: impl Into<String>, wrap: impl FnOnce(Self) -> E) -> Self {
        Self::of(self.kind, message).with_source(wrap(self))
    }

    /// Whether the same call may succeed later. The runtime then tries again, with growing waits.
    pub fn is_transient(&self) -> bool {
        self.kind == ErrorKind::Transient
    }

    /// Whether another process holds or changed what the call was about.
    pub fn is_conflict(&self) -> bool {
        self.kind == ErrorKind::Conflict
    }

    /// Whether stored data could not be read.
    pub fn is_corrupt(&self) -> bool {
        self.kind == ErrorKind::Corrupt
    }

    /// Whether the caller asked for something that is not possible, or passed a wrong value.
    pub fn is_invalid(&self) -> bool {
        self.kind == ErrorKind::Invalid
    }

    /// Whether the store lacks the capability that the call needs.
    pub fn is_unsupported(&self) -> bool {
        self.kind == ErrorKind::Unsupported
    }

    /// Whether the job, queue, task or process that the call names does not exist.
    pub fn is_not_found(&self) -> bool {
        self.kind == ErrorKind::NotFound
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `fn main() -> jobs::Result<()>` prints this form, so it is written for people.
        f.write_str(&self.message)?;
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, "\n  caused by: {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|error| error as _)
    }
}
