//! The rule that says which names a queue can have.

use std::fmt;

/// The longest queue name in bytes. `MySQL` and Solid Queue cut at 255 characters.
pub const QUEUE_NAME_MAX: usize = 255;

/// Why a queue cannot have a name. Its text completes a sentence: "it is empty".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum QueueNameError {
    /// It is empty.
    Empty,
    /// It is longer than [`QUEUE_NAME_MAX`] bytes.
    TooLong,
    /// It contains white space or a control character.
    Blank,
    /// It contains `*` or `,`.
    Reserved,
}

impl fmt::Display for QueueNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::TooLong => write!(f, "it is longer than {QUEUE_NAME_MAX} bytes"),
            Self::Blank => f.write_str("it has white space or a control character in it"),
            Self::Reserved => f.write_str("`*` and `,` are kept for the selectors of workers"),
        }
    }
}

impl std::error::Error for QueueNameError {}

/// Checks that `name` can be a queue: 1 to 255 bytes, no white space, control character, `*` or `,`.
///
/// # Errors
/// Says which of these the name breaks.
pub fn check(name: &str) -> Result<(), QueueNameError> {
    if name.is_empty() {
        Err(QueueNameError::Empty)
    } else if name.len() > QUEUE_NAME_MAX {
        Err(QueueNameError::TooLong)
    } else if name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        Err(QueueNameError::Blank)
    } else if name.contains(['*', ',']) {
        Err(QueueNameError::Reserved)
    } else {
        Ok(())
    }
}
