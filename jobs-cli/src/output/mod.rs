//! What the commands print on the standard output: tables and text for people, or JSON.

mod error_text;
mod job_details;
mod json_line;
mod rows;
mod table;
mod time;

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use jobs_core::url::masked;
use serde::Serialize;

use crate::exit::CommandError;

pub(crate) use error_text::{error_text, is_any_escaped};
pub(crate) use job_details::job_details;
pub(crate) use json_line::json_line;
#[cfg(feature = "top")]
pub(crate) use rows::jobs_held;
pub(crate) use rows::{ChangeCount, JobWithArguments, ProcessRow, UnchangedJob, WithAge, one_line_error};
pub(crate) use table::Row;
#[cfg(feature = "top")]
pub(crate) use table::one_line;
pub(crate) use time::{format_duration, relative_time};

/// Prints in one of the two formats.
#[derive(Clone, Copy)]
pub(crate) struct Printer {
    json: bool,
}

impl Printer {
    pub(crate) const fn new(json: bool) -> Self {
        Self { json }
    }

    /// Prints one value: as a JSON object, or as text.
    pub(crate) fn one(self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), CommandError> {
        if self.json { print_json(value) } else { print_text(&text()) }
    }

    /// A table as text, without its last line break.
    pub(crate) fn table<T: Row>(rows: &[T]) -> String {
        let mut text = Vec::new();
        // Writing to memory does not fail.
        let _written = table::write(&mut text, rows, table::terminal_width());
        String::from_utf8_lossy(&text).trim_end().to_owned()
    }

    /// Prints one value of many as one line: as a JSON object, or as text.
    pub(crate) fn line(self, value: &impl Serialize, text: impl FnOnce() -> String) -> Result<(), CommandError> {
        self.one(value, text)?;
        Ok(io::stdout().lock().flush()?)
    }

    /// Prints one value as a JSON object, and nothing as text.
    pub(crate) fn only_json(self, value: &impl Serialize) -> Result<(), CommandError> {
        if self.json { print_json(value) } else { Ok(()) }
    }

    /// Prints many values: as one JSON object per line, or as a table.
    pub(crate) fn many<T: Serialize + Row>(self, values: &[T]) -> Result<(), CommandError> {
        if self.json {
            values.iter().try_for_each(print_json)
        } else {
            let left_out = table::write(io::stdout().lock(), values, table::terminal_width())?;
            if !left_out.is_empty() {
                let columns = if left_out.len() == 1 { "the column" } else { "the columns" };
                let words =
                    format!("{columns} {} do not fit: widen the terminal, or use `--json`", left_out.join(", "));
                print_warnings(&[if left_out.len() == 1 {
                    words.replace("do not fit", "does not fit")
                } else {
                    words
                }]);
            }
            Ok(())
        }
    }
}

fn print_json(value: &impl Serialize) -> Result<(), CommandError> {
    let line = json_line(value)?;
    Ok(writeln!(io::stdout().lock(), "{line}")?)
}

/// Prints text; its colours are removed if the output is not a terminal.
fn print_text(text: &str) -> Result<(), CommandError> {
    Ok(writeln!(anstream::stdout().lock(), "{text}")?)
}

/// Prints bytes unchanged.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), CommandError> {
    Ok(io::stdout().lock().write_all(bytes)?)
}

/// Prints warnings on the standard error, one per line, without passwords.
pub(crate) fn print_warnings(warnings: &[String]) {
    let yellow = Style::new().fg_color(Some(AnsiColor::Yellow.into())).bold();
    for warning in warnings {
        anstream::eprintln!("{yellow}warning:{yellow:#} {}", error_text(&masked(warning)));
    }
}
