//! Values of statements and of their answers.

use chrono::{DateTime, NaiveDateTime};
use jobs_core::{Error, Timestamp};

use crate::SqlArray;

/// A value for a `?` of a statement. Its type is known also if it is NULL, as PostgreSQL needs it.
#[derive(Clone, Debug, PartialEq)]
pub enum SqlValue {
    /// A whole number.
    Int(Option<i64>),
    /// A text.
    Text(Option<String>),
    /// A time in UTC.
    Time(Option<Timestamp>),
    /// Yes or no.
    Bool(bool),
    /// A list, on PostgreSQL alone: another database refuses the statement.
    Array(SqlArray),
}

impl From<i64> for SqlValue {
    fn from(number: i64) -> Self {
        Self::Int(Some(number))
    }
}

impl From<i32> for SqlValue {
    fn from(number: i32) -> Self {
        Self::Int(Some(number.into()))
    }
}

impl From<u32> for SqlValue {
    fn from(number: u32) -> Self {
        Self::Int(Some(number.into()))
    }
}

/// A number that no column holds becomes the greatest that one does.
impl From<usize> for SqlValue {
    fn from(number: usize) -> Self {
        Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)))
    }
}

impl From<Option<i64>> for SqlValue {
    fn from(number: Option<i64>) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for SqlValue {
    fn from(text: &str) -> Self {
        Self::Text(Some(text.to_owned()))
    }
}

impl From<String> for SqlValue {
    fn from(text: String) -> Self {
        Self::Text(Some(text))
    }
}

impl From<Option<String>> for SqlValue {
    fn from(text: Option<String>) -> Self {
        Self::Text(text)
    }
}

impl From<Timestamp> for SqlValue {
    fn from(time: Timestamp) -> Self {
        Self::Time(Some(time))
    }
}

impl From<Option<Timestamp>> for SqlValue {
    fn from(time: Option<Timestamp>) -> Self {
        Self::Time(time)
    }
}

impl From<bool> for SqlValue {
    fn from(is: bool) -> Self {
        Self::Bool(is)
    }
}

/// A value of an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// NULL.
    Null,
    /// A whole number; 1 and 0 for yes and no.
    Int(i64),
    /// A text. `SQLite` has no other form of times.
    Text(String),
    /// A time in UTC.
    Time(Timestamp),
}

/// A row of an answer. Columns are counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct SqlRow(pub(crate) Vec<Cell>);

impl SqlRow {
    /// The value in this column.
    pub fn cell(&self, column: usize) -> &Cell {
        self.0.get(column).unwrap_or(&Cell::Null)
    }

    /// The number in this column.
    ///
    /// # Errors
    /// It is NULL or no number; the error [is corrupt](Error::is_corrupt).
    pub fn int(&self, column: usize) -> Result<i64, Error> {
        self.int_or_null(column).ok_or_else(|| self.wrong(column, "a whole number"))
    }

    /// The number in this column; `None` if it is NULL or no number.
    pub fn int_or_null(&self, column: usize) -> Option<i64> {
        match self.cell(column) {
            Cell::Int(number) => Some(*number),
            _ => None,
        }
    }

    /// The text in this column.
    ///
    /// # Errors
    /// It is NULL or no text; the error [is corrupt](Error::is_corrupt).
    pub fn text(&self, column: usize) -> Result<&str, Error> {
        self.text_or_null(column).ok_or_else(|| self.wrong(column, "a text"))
    }

    /// The text in this column; `None` if it is NULL or no text.
    pub fn text_or_null(&self, column: usize) -> Option<&str> {
        match self.cell(column) {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The time in this column.
    ///
    /// # Errors
    /// It is NULL or no time; the error [is corrupt](Error::is_corrupt).
    pub fn time(&self, column: usize) -> Result<Timestamp, Error> {
        self.time_or_null(column).ok_or_else(|| self.wrong(column, "a time"))
    }

    /// The time in this column; `None` if it is NULL or no time.
    pub fn time_or_null(&self, column: usize) -> Option<Timestamp> {
        match self.cell(column) {
            Cell::Time(time) => Some(*time),
            Cell::Text(text) => read_time(text),
            _ => None,
        }
    }

    fn wrong(&self, column: usize, wanted: &str) -> Error {
        let found = match self.cell(column) {
            Cell::Null => "NULL",
            Cell::Int(_) => "a number",
            Cell::Text(_) => "a text",
            Cell::Time(_) => "a time",
        };
        Error::corrupt(format!("column {} of a row of the database has {found} in place of {wanted}", column + 1))
    }
}

/// The text of a time as Rails writes it into `SQLite`: six digits of the second, or none if they are all zero.
pub(crate) fn written_time(time: Timestamp) -> String {
    let at = DateTime::from_timestamp_micros(time.as_micros()).unwrap_or_default();
    let is_whole = time.as_micros().rem_euclid(1_000_000) == 0;
    at.format(if is_whole { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d %H:%M:%S%.6f" }).to_string()
}

fn read_time(text: &str) -> Option<Timestamp> {
    let forms = ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f"];
    let in_utc = ["Z", " UTC", "+00:00"];
    let text = in_utc.iter().find_map(|zone| text.strip_suffix(zone)).unwrap_or(text);
    let time = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    Some(of_naive(time))
}

pub(crate) fn of_naive(time: NaiveDateTime) -> Timestamp {
    Timestamp::from_micros(time.and_utc().timestamp_micros())
}

pub(crate) fn to_naive(time: Timestamp) -> NaiveDateTime {
    DateTime::from_timestamp_micros(time.as_micros()).unwrap_or_default().naive_utc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_sqlite_have_six_digits_or_none_and_are_read_with_three() {
        let micros = 1_767_319_200_000_000;
        for (time, text) in [(micros, "2026-01-02 02:00:00"), (micros + 120, "2026-01-02 02:00:00.000120")] {
            assert_eq!(written_time(Timestamp::from_micros(time)), text);
            assert_eq!(read_time(text), Some(Timestamp::from_micros(time)));
        }
        assert_eq!(read_time("2026-01-02 02:00:00.500"), Some(Timestamp::from_micros(micros + 500_000)));
        assert_eq!(read_time("soon"), None);
    }
}
