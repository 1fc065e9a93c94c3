//! The one error of stores and of the runtime.

use std::error::Error as StdError;
use std::fmt;

/// Any error that can cross threads.
pub type BoxError = Box<dyn StdError + Send + Sync + 'static>;

/// `Result` with [`Error`].
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong between a caller and a store, in words that say what to do.
///
/// Opaque: ask the predicates. The driver's own error is the [`source`](StdError::source).
pub struct Error {
    kind: Kind,
    message: String,
    source: Option<BoxError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Transient,
    Conflict,
    Corrupt,
    Invalid,
    Other,
}

impl Error {
    /// The store could not be reached or was busy; the same call may go through later.
    pub fn transient(message: impl Into<String>) -> Self {
        Self::of(Kind::Transient, message)
    }

    /// Somebody else holds or changed what the call was about.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::of(Kind::Conflict, message)
    }

    /// What is stored cannot be read.
    pub fn corrupt(message: impl Into<String>) -> Self {
        Self::of(Kind::Corrupt, message)
    }

    /// The caller asked for something that cannot be.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::of(Kind::Invalid, message)
    }

    /// Anything else; trying again will not help.
    pub fn other(message: impl Into<String>) -> Self {
        Self::of(Kind::Other, message)
    }

    fn of(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    /// The same error with the error that caused it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// An error of the same kind in other words, with this one as what caused it.
    pub fn in_words(self, message: impl Into<String>) -> Self {
        self.in_words_by(message, |error| error)
    }

    /// An error of the same kind in other words, with what `wrap` makes of this one as what caused it.
    pub fn in_words_by<E: Into<BoxError>>(self, message: impl Into<String>, wrap: impl FnOnce(Self) -> E) -> Self {
        Self::of(self.kind, message).with_source(wrap(self))
    }

    /// Whether the same call may go through later. The runtime then waits longer each time and tries again.
    pub fn is_transient(&self) -> bool {
        self.kind == Kind::Transient
    }

    /// Whether somebody else holds or changed what the call was about.
    pub fn is_conflict(&self) -> bool {
        self.kind == Kind::Conflict
    }

    /// Whether something stored could not be read.
    pub fn is_corrupt(&self) -> bool {
        self.kind == Kind::Corrupt
    }

    /// Whether the caller asked for something that cannot be.
    pub fn is_invalid(&self) -> bool {
        self.kind == Kind::Invalid
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `fn main() -> jobs::Result<()>` prints this form, so it reads as words.
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
