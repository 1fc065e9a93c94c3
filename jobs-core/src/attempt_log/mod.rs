//! What an attempt of a job logged: its lines, and the buffer that keeps the first and the last of them.

mod buffer;
mod log_line;

pub use buffer::{LogBuffer, LogLimits};
pub use log_line::{LogLevel, LogLine};

use serde::{Deserialize, Serialize};

/// The log of one attempt: of many lines the first and the last.
///
/// In JSON it has its fields under their names, and times in microseconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct AttemptLog {
    /// The first lines. All of them, if there are no more than are kept.
    pub first: Vec<LogLine>,
    /// How many lines after the first ones were left out.
    pub left_out: u64,
    /// The last lines.
    pub last: Vec<LogLine>,
}

impl AttemptLog {
    /// A log of these lines.
    pub const fn new(first: Vec<LogLine>, left_out: u64, last: Vec<LogLine>) -> Self {
        Self { first, left_out, last }
    }

    /// The log that a store keeps as this text; `None` if there is none, or if it cannot be read.
    pub fn from_json(text: Option<&str>) -> Option<Box<Self>> {
        serde_json::from_str(text?).ok().map(Box::new)
    }

    /// The text that a store keeps.
    pub fn to_json(&self) -> String {
        // Texts and numbers always serialize.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// How many lines are kept.
    pub const fn len(&self) -> usize {
        self.first.len() + self.last.len()
    }

    /// Whether no line is kept and none was left out.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0 && self.left_out == 0
    }

    /// The lines that are kept, for changes.
    pub fn lines_mut(&mut self) -> impl Iterator<Item = &mut LogLine> {
        self.first.iter_mut().chain(&mut self.last)
    }
}
