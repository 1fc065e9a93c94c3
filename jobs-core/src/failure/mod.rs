//! Why a perform did not succeed: the job's own error, or one of the library's.

mod as_error;
mod class;
mod deserialize;
pub(crate) mod error_chain;
pub mod error_limits;
mod held_error;
mod library_errors;

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

pub use as_error::{AsError, Boxed, Itself, as_error};
pub use class::{class_name, short_class};
pub(crate) use deserialize::Unreadable;
use held_error::HeldError;

use crate::{BoxError, ErrorRecord};

/// What an attempt ended with instead of success.
///
/// Holds the job's own error, or [`DeserializeError`], [`Panic`], [`TimedOut`] or [`NotProvided`].
pub struct Failure {
    value: HeldError,
    view: View,
    class: &'static str,
    message: String,
}

/// The stored error as the standard library's trait, if its type allows that.
pub(crate) type View = fn(&(dyn Any + Send + Sync)) -> Option<&(dyn StdError + 'static)>;

impl Failure {
    /// Any error type that implements the standard library's trait.
    pub fn from_error<E: StdError + Send + Sync + 'static>(error: E) -> Self {
        Self::with_view(error, |value| value.downcast_ref::<E>().map(|error| error as _))
    }

    pub(crate) fn with_view<E: fmt::Display + Send + Sync + 'static>(error: E, view: View) -> Self {
        Self { message: error.to_string(), class: class_name::<E>(), value: HeldError::new(error), view }
    }

    /// The error itself, if it is an `E`. Its causes are not searched; see [`find`](Self::find).
    pub fn downcast_ref<E: 'static>(&self) -> Option<&E> {
        self.value.get().downcast_ref()
    }

    /// The error itself, by value, if it is an `E`.
    ///
    /// # Errors
    /// Returns the failure if it is another type.
    pub fn downcast<E: 'static>(self) -> Result<E, Self> {
        let Self { value, view, class, message } = self;
        value.downcast().map_err(|value| Self { value, view, class, message })
    }

    /// The first `E` among the error and its causes, outermost first.
    pub fn find<E: StdError + 'static>(&self) -> Option<&E> {
        self.value.get().downcast_ref().or_else(|| self.layers().find_map(error_chain::as_a))
    }

    /// The error and its causes, outermost first, at most 100. Empty if the job's error type has no view of itself.
    ///
    /// The error that an `io::Error` was made from counts as a cause of it, although `source()` skips it.
    pub fn layers(&self) -> impl Iterator<Item = &(dyn StdError + 'static)> {
        error_chain::chain((self.view)(self.value.get()))
    }

    /// The type of the error, as `shop::PaymentError` or `jobs::TimedOut`.
    pub const fn class(&self) -> &'static str {
        self.class
    }

    /// The message of the error.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The record that is stored of it.
    ///
    /// # Panics
    /// Only if a cause of the error does when it is written as text.
    pub fn record(&self) -> ErrorRecord {
        let mut record = ErrorRecord::new(self.class, self.message.clone());
        // An error that only repeats the message of its cause would have it stored twice.
        let mut messages: Vec<_> = self.layers().map(ToString::to_string).collect();
        messages.dedup();
        record.causes = messages.into_iter().skip(1).collect();
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

/// The job panicked. The process continues. Its `source()` says where in the code, if that is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    message: String,
    place: Option<library_errors::PanicPlace>,
}

/// The job ran longer than its time-out and was dropped at its next await. A function on a thread of its own, as that of a
/// `blocking` job, cannot be stopped: its context is cancelled, and it runs on until it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimedOut {
    /// The limit that it exceeded.
    pub after: std::time::Duration,
}

/// The job was not begun before it expired, so it was discarded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expired {
    /// When it expired.
    pub at: crate::Timestamp,
}

/// The job's function has a parameter of a type that was not provided. `build()` refuses this before any job runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotProvided {
    /// The type that is missing.
    pub missing: &'static str,
}
