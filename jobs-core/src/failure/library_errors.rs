//! Failures that do not come from the job's own error type: a panic, a timeout, an expired job, a missing dependency.

use std::any::Any;
use std::error::Error as StdError;
use std::fmt;

use super::{Expired, NotProvided, Panic, TimedOut};

impl Panic {
    /// Of the value that `catch_unwind` returned.
    pub fn caught(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
        Self { message: text.unwrap_or_else(|| "a panic without a message".to_owned()), place: None }
    }

    /// The same with its place in the code, as `src/orders.rs:41:9`.
    #[must_use]
    pub fn at(self, place: Option<String>) -> Self {
        Self { place: place.map(PanicPlace), ..self }
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job panicked: {}", self.message)
    }
}

impl StdError for Panic {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.place.as_ref().map(|place| place as &(dyn StdError + 'static))
    }
}

/// Where a panic happened, as the cause of its error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PanicPlace(String);

impl fmt::Display for PanicPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the panic at {}", self.0)
    }
}

impl StdError for PanicPlace {}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job ran longer than its timeout of {:?}", self.after)
    }
}

impl StdError for TimedOut {}

impl fmt::Display for Expired {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the job was not begun before it expired at {}", self.at)
    }
}

impl StdError for Expired {}

impl fmt::Display for NotProvided {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "nothing provides `{}`; give it to the runtime with `.provide(..)`", self.missing)
    }
}

impl StdError for NotProvided {}
