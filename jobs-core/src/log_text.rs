//! Text from jobs and users in a line of the log: on one line, and of bounded length.

use std::fmt::{self, Display, Write};

use crate::{OneLine, floor_char_boundary};

/// The most bytes of the message of a log line: 6 KiB.
const MESSAGE_BYTES: usize = 6 * 1024;

/// The most bytes of one of its fields: 1 KiB. A line has few of them, so it stays below the 16 KiB at which container
/// runtimes break lines.
const FIELD_BYTES: usize = 1024;

/// Shows a value as a message or a field of a log line: as [`OneLine`] does, and cut after some kilobytes, with a mark that says
/// how much is missing. An error of a megabyte, or a queue with a name of one, makes a line that a log still takes.
///
/// ```
/// use jobs_core::LogText;
///
/// assert_eq!(LogText::field("declined\n12:00 INFO all is well").to_string(), r"declined\n12:00 INFO all is well");
/// assert!(LogText::field("x".repeat(1_000_000)).to_string().ends_with("x… (998976 more bytes)"));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct LogText<T> {
    text: T,
    most: usize,
}

impl<T: Display> LogText<T> {
    /// A whole message: 6 KiB of it are shown.
    pub const fn message(text: T) -> Self {
        Self { text, most: MESSAGE_BYTES }
    }

    /// The value of a field: 1 KiB of it is shown.
    pub const fn field(text: T) -> Self {
        Self { text, most: FIELD_BYTES }
    }
}

impl<T: Display> Display for LogText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut cut = Cut { to: f, room: self.most, left_out: 0 };
        write!(cut, "{}", OneLine(&self.text))?;
        match cut.left_out {
            0 => Ok(()),
            bytes => write!(f, "… ({bytes} more bytes)"),
        }
    }
}

/// Passes on what there is room for, and counts the rest.
struct Cut<'a, 'b> {
    to: &'a mut fmt::Formatter<'b>,
    room: usize,
    left_out: usize,
}

impl Write for Cut<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let is_cut = self.left_out > 0;
        let room = if is_cut { 0 } else { self.room };
        let (shown, rest) = text.split_at(floor_char_boundary(text, room));
        self.room -= shown.len();
        self.left_out += rest.len();
        self.to.write_str(shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays_as_it_is() {
        let text = "é".repeat(FIELD_BYTES / 2);
        assert_eq!(LogText::field(&text).to_string(), text);
        assert_eq!(LogText::message("").to_string(), "");
    }

    #[test]
    fn a_longer_text_is_cut_between_characters_with_the_number_of_bytes_left_out() {
        let text = format!("x{}", "é".repeat(FIELD_BYTES));
        let shown = format!("x{}… (1026 more bytes)", "é".repeat(FIELD_BYTES / 2 - 1));
        assert_eq!(LogText::field(text).to_string(), shown);
    }

    #[test]
    fn what_is_escaped_counts_as_it_is_shown() {
        let line = LogText::message("\n".repeat(1_000_000)).to_string();
        assert_eq!(line.len(), MESSAGE_BYTES + "… (1993856 more bytes)".len());
        assert!(!line.contains('\n'));
    }
}
