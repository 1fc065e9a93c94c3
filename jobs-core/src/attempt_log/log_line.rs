//! One line of a log.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Timestamp;
use crate::failure::error_limits::shorten;

/// The most bytes of the message of a line.
const MESSAGE_BYTES: usize = 1024;

/// The most bytes of the value of a field, of a target, and of the names of the spans.
const VALUE_BYTES: usize = 256;

/// The most fields of a line, and the most bytes of the name of each.
const FIELDS: usize = 16;
const NAME_BYTES: usize = 64;

/// The level of a line. In JSON it is its name in lower case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogLevel {
    /// Something failed.
    Error,
    /// Something may become a failure.
    Warn,
    /// What happens.
    Info,
    /// What a developer wants to know.
    Debug,
    /// Each step.
    Trace,
}

impl LogLevel {
    /// The name in capital letters, as log lines have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Warn => "WARN",
            Self::Info => "INFO",
            Self::Debug => "DEBUG",
            Self::Trace => "TRACE",
        }
    }
}

/// One line of a log. Its `Display` has all of it but the time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogLine {
    /// When it was written, by the clock of the process that ran the job.
    pub at: Timestamp,
    /// Its level.
    pub level: LogLevel,
    /// What wrote it, usually the path of a module.
    pub target: String,
    /// The names of the spans within that of the job, the outermost first, with a `:` between two.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub span: String,
    /// Its message.
    pub message: String,
    /// Names and values of its fields, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<(String, String)>,
}

impl LogLine {
    /// A line without span and fields.
    pub fn new(at: Timestamp, level: LogLevel, target: impl Into<String>, message: impl Into<String>) -> Self {
        Self { at, level, target: target.into(), span: String::new(), message: message.into(), fields: Vec::new() }
    }

    /// The line with short texts: of a message 1 KiB, of each other text 256 bytes, and the first 16 fields. What is cut has a
    /// mark.
    pub(super) fn bounded(mut self) -> Self {
        shorten(&mut self.message, MESSAGE_BYTES);
        shorten(&mut self.target, VALUE_BYTES);
        shorten(&mut self.span, VALUE_BYTES);
        self.fields.truncate(FIELDS);
        for (name, value) in &mut self.fields {
            shorten(name, NAME_BYTES);
            shorten(value, VALUE_BYTES);
        }
        self
    }

    /// How many bytes its texts have.
    pub(super) fn bytes(&self) -> usize {
        let fields = self.fields.iter().map(|(name, value)| name.len() + value.len());
        self.target.len() + self.span.len() + self.message.len() + fields.sum::<usize>()
    }
}

/// As `INFO download: shop::import: fetched rows=7`.
impl fmt::Display for LogLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ", self.level.as_str())?;
        if !self.span.is_empty() {
            write!(f, "{}: ", self.span)?;
        }
        write!(f, "{}: {}", self.target, self.message)?;
        self.fields.iter().try_for_each(|(name, value)| write!(f, " {name}={value}"))
    }
}
