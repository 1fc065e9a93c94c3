//! Queues are names; workers choose them by selectors.

use std::fmt;
use std::str::FromStr;

pub use jobs_syntax::queue_name::QUEUE_NAME_MAX;
use jobs_syntax::spelling::shortened;
use serde::{Deserialize, Serialize};

use crate::Error;

/// The queue of a job that names none (as in Active Job).
pub const DEFAULT_QUEUE: &str = "default";

/// Checks that `name` can be a queue: 1 to 255 bytes, no white space, control character, `*` or `,`.
///
/// # Errors
/// Says which of these the name breaks; the error [is invalid](Error::is_invalid).
pub fn check_queue_name(name: &str) -> Result<(), Error> {
    jobs_syntax::queue_name::check(name).map_err(|error| {
        Error::invalid(format!("`{}` cannot be the name of a queue: {error}", shortened(name).escape_debug()))
    })
}

/// Which queues a worker takes jobs from: `mail`, `mail*` or `*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum QueueSelector {
    /// The queue of exactly this name.
    Exact(String),
    /// All queues whose name begins so, by priority and age across them.
    Prefix(String),
    /// All queues, by priority and age across them.
    All,
}

impl QueueSelector {
    /// Whether a queue of this name is meant.
    pub fn selects(&self, queue: &str) -> bool {
        match self {
            Self::Exact(name) => queue == name,
            Self::Prefix(prefix) => queue.starts_with(prefix),
            Self::All => true,
        }
    }

    /// Whether each queue that `other` selects is selected by this one too. If neither of two selectors covers the other, no
    /// queue belongs to both.
    pub fn covers(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Exact(name), Self::Exact(other)) => name == other,
            (Self::Exact(_), _) => false,
            (Self::Prefix(prefix), Self::Exact(other) | Self::Prefix(other)) => other.starts_with(prefix),
            (Self::Prefix(prefix), Self::All) => prefix.is_empty(),
            (Self::All, _) => true,
        }
    }
}

impl FromStr for QueueSelector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        match text.strip_suffix('*') {
            Some("") => Ok(Self::All),
            Some(prefix) => check_queue_name(prefix).map(|()| Self::Prefix(prefix.to_owned())),
            None => check_queue_name(text).map(|()| Self::Exact(text.to_owned())),
        }
    }
}

impl fmt::Display for QueueSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(name) => f.write_str(name),
            Self::Prefix(prefix) => write!(f, "{prefix}*"),
            Self::All => f.write_str("*"),
        }
    }
}
