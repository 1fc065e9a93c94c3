//! Keeps the first and the last lines of a log within a number of lines and of bytes.

use std::collections::VecDeque;

use super::{AttemptLog, LogLine};

/// How much is kept of the log of one attempt. By default 100 lines, of which 25 are the first, and 16 KiB of texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogLimits {
    lines: usize,
    bytes: usize,
}

impl LogLimits {
    /// So many lines, from 1 to 10,000, and so many bytes of texts, from 8 KiB to 1 MiB. A number beyond is read as the nearest.
    pub fn new(lines: usize, bytes: usize) -> Self {
        Self { lines: lines.clamp(1, 10_000), bytes: bytes.clamp(8 << 10, 1 << 20) }
    }

    /// With so many lines.
    pub fn with_lines(self, lines: usize) -> Self {
        Self::new(lines, self.bytes)
    }

    /// With so many bytes.
    pub fn with_bytes(self, bytes: usize) -> Self {
        Self::new(self.lines, bytes)
    }
}

impl Default for LogLimits {
    fn default() -> Self {
        Self::new(100, 16 << 10)
    }
}

/// Collects the lines of one attempt. A quarter of the lines and bytes is for the first ones, which show how it began; the rest
/// is for the last ones, which show how it ended.
#[derive(Debug)]
pub struct LogBuffer {
    limits: LogLimits,
    first: Vec<LogLine>,
    /// Whether the first lines are complete.
    is_begun: bool,
    last: VecDeque<LogLine>,
    /// How many bytes all lines have.
    bytes: usize,
    left_out: u64,
}

impl LogBuffer {
    /// An empty buffer with these limits.
    pub const fn new(limits: LogLimits) -> Self {
        Self { limits, first: Vec::new(), is_begun: false, last: VecDeque::new(), bytes: 0, left_out: 0 }
    }

    /// Adds a line. Texts that are too long are cut.
    pub fn push(&mut self, line: LogLine) {
        let line = line.bounded();
        let bytes = self.bytes + line.bytes();
        let LogLimits { lines: most_lines, bytes: most_bytes } = self.limits;
        self.is_begun |= self.first.len() >= most_lines / 4 || bytes > most_bytes / 4;
        self.bytes = bytes;
        if !self.is_begun {
            self.first.push(line);
            return;
        }
        self.last.push_back(line);
        while self.first.len() + self.last.len() > most_lines || self.bytes > most_bytes {
            let Some(oldest) = self.last.pop_front() else { return };
            self.bytes -= oldest.bytes();
            self.left_out += 1;
        }
    }

    /// The log; `None` if no line was added.
    pub fn finish(self) -> Option<AttemptLog> {
        let mut log = AttemptLog::new(self.first, self.left_out, self.last.into());
        if log.left_out == 0 {
            log.first.append(&mut log.last);
        }
        Some(log).filter(|log| !log.is_empty())
    }
}
