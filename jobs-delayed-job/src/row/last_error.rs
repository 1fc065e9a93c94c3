//! The column `last_error`: the message, a line feed, and the frames of the backtrace, a line each.

use jobs_core::{ErrorRecord, floor_char_boundary};

/// The text for the column, of an error whose causes are shown as the frames.
///
/// It is cut to `bytes_max` bytes at the border of a character, and has no NUL, which PostgreSQL refuses: a text that the
/// database refuses ends the worker. MySQL's `text` takes 65,535 bytes.
pub fn last_error_text(error: &ErrorRecord, bytes_max: usize) -> String {
    let lines = std::iter::once(&error.message).chain(&error.causes);
    let mut text = lines.map(|line| line.replace('\0', "\u{fffd}")).collect::<Vec<_>>().join("\n");
    text.truncate(floor_char_boundary(&text, bytes_max));
    text
}

/// The error in a column. A line that looks like a frame of Ruby, `file:12:in ..`, begins the backtrace, whose lines are the causes;
/// what is before it is the message. The column has no class.
pub fn last_error_of(text: &str) -> ErrorRecord {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| is_frame(line)).unwrap_or(lines.len());
    let mut error = ErrorRecord::new("", lines[..first].join("\n"));
    error.causes = lines[first..].iter().map(|line| (*line).to_owned()).collect();
    error
}

fn is_frame(line: &str) -> bool {
    let before = line.split_once(":in ").map_or("", |(before, _)| before);
    let number = before.rsplit_once(':').filter(|(file, _)| !file.is_empty()).map_or("", |(_, number)| number);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}
