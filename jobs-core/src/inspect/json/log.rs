//! The JSON form of what an attempt logged.

use serde::Serialize;

use crate::{OneLine, counted};

/// The log of an attempt: of many lines the first and the last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AttemptLog {
    /// The first lines; all of them, if there are no more than are kept.
    pub first: Vec<LogLine>,
    /// How many lines after these were left out.
    pub left_out: u64,
    /// The last lines.
    pub last: Vec<LogLine>,
}

/// A line of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LogLine {
    /// When it was written.
    pub at: String,
    /// Its level, as `INFO`.
    pub level: &'static str,
    /// What wrote it.
    pub target: String,
    /// The names of the spans within that of the job, the outermost first, with a `:` between two; empty if there are none.
    pub span: String,
    /// Its message.
    pub message: String,
    /// Names and values of its fields.
    pub fields: Vec<(String, String)>,
    /// The line as people read it, without its time.
    #[serde(skip)]
    pub text: String,
}

impl AttemptLog {
    /// The lines as people read them, each with its time and escaped to one line, and a line that says how many were left out.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        let text = |line: &LogLine| format!("{} {}", line.at, OneLine(&line.text));
        let left_out = (self.left_out > 0).then(|| format!("… {} left out", counted(self.left_out, "line")));
        self.first.iter().map(text).chain(left_out).chain(self.last.iter().map(text))
    }
}

impl From<&crate::AttemptLog> for AttemptLog {
    fn from(log: &crate::AttemptLog) -> Self {
        let lines = |lines: &[crate::LogLine]| lines.iter().map(LogLine::from).collect();
        Self { first: lines(&log.first), left_out: log.left_out, last: lines(&log.last) }
    }
}

impl From<&crate::LogLine> for LogLine {
    fn from(line: &crate::LogLine) -> Self {
        Self {
            at: line.at.to_string(),
            level: line.level.as_str(),
            target: line.target.clone(),
            span: line.span.clone(),
            message: line.message.clone(),
            fields: line.fields.clone(),
            text: line.to_string(),
        }
    }
}
