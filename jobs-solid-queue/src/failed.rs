//! The text in the column `error` of a failed execution, as Solid Queue writes it.

use jobs_core::ErrorRecord;
use jobs_sql::Dialect;
use serde::{Deserialize, Serialize};

use crate::rails_json::escaped;

/// The most bytes of the column in MySQL: its type `text` has no more. The other databases have no limit.
const MYSQL_BYTES: usize = 65_535;

/// What Solid Queue leaves free beside class, message and backtrace.
const SPARE_BYTES: usize = 256;

#[derive(Serialize, Deserialize)]
struct FailedError {
    exception_class: String,
    message: String,
    backtrace: Option<Vec<String>>,
}

/// The text for this error: a JSON object of class, message and backtrace. The causes are the backtrace; without causes it is
/// null.
///
/// In MySQL the lines at the end that do not fit are left out, as Ruby does.
pub fn written_error(error: &ErrorRecord, dialect: Dialect) -> String {
    let error = error.bounded();
    let mut written = FailedError {
        exception_class: written_class(&error).to_owned(),
        message: error.message.clone(),
        backtrace: (!error.causes.is_empty()).then(|| error.causes.clone()),
    };
    if let Some(lines) = written.backtrace.as_mut().filter(|_| dialect == Dialect::MySql) {
        let taken = json(&written.exception_class).len() + json(&written.message).len() + SPARE_BYTES;
        keep_lines_that_fit(lines, MYSQL_BYTES.saturating_sub(taken));
    }
    json(&written)
}

/// The class of an error as it is written.
pub(crate) fn written_class(error: &ErrorRecord) -> &str {
    if error.class.is_empty() { "jobs::Error" } else { &error.class }
}

/// The error of such a text. Of a text in another form, the whole text is the message.
pub fn read_error(text: &str) -> ErrorRecord {
    let Ok(read) = serde_json::from_str::<FailedError>(text) else { return ErrorRecord::new("", text) };
    let mut error = ErrorRecord::new(read.exception_class, read.message);
    error.causes = read.backtrace.unwrap_or_default();
    error
}

fn keep_lines_that_fit(lines: &mut Vec<String>, bytes: usize) {
    let brackets_of_list = 2;
    let mut taken = brackets_of_list;
    let fits = |line: &String| {
        taken += json(line).len() + ",".len();
        taken <= bytes
    };
    let kept = lines.iter().map(fits).take_while(|fits| *fits).count();
    lines.truncate(kept);
}

fn json<T: Serialize>(value: &T) -> String {
    // Texts and lists of texts can always be written.
    escaped(serde_json::to_string(value).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(message: &str, causes: Vec<String>) -> ErrorRecord {
        let mut error = ErrorRecord::new("ArgumentError", message);
        error.causes = causes;
        error
    }

    #[test]
    fn an_error_is_written_letter_by_letter_as_ruby_writes_it_and_comes_back() {
        // A recorded row of Solid Queue 1.5, with a shorter backtrace.
        let text = r#"{"exception_class":"ArgumentError","message":"declined: é \u003ctag\u003e","backtrace":["sq_cap.rb:25:in `perform'"]}"#;
        let declined = error("declined: é <tag>", vec!["sq_cap.rb:25:in `perform'".to_owned()]);
        for dialect in [Dialect::Postgres, Dialect::MySql, Dialect::Sqlite] {
            assert_eq!(written_error(&declined, dialect), text);
        }
        assert_eq!(read_error(text), declined);
    }

    #[test]
    fn an_error_without_causes_has_a_null_as_backtrace() {
        let text = written_error(&error("no", Vec::new()), Dialect::Sqlite);
        assert_eq!(text, r#"{"exception_class":"ArgumentError","message":"no","backtrace":null}"#);
        assert_eq!(read_error(&text).causes, Vec::<String>::new());
    }

    #[test]
    fn a_backtrace_is_cut_to_whole_lines_that_fit_in_mysql_and_nowhere_else() {
        let lines: Vec<String> = (0..10).map(|line| format!("{line}{}", "<".repeat(1_000))).collect();
        let long = error(&"&".repeat(2_000), lines);
        let text = written_error(&long, Dialect::MySql);
        assert!(text.len() <= MYSQL_BYTES, "{}", text.len());
        // Class and message take 12,017 bytes, 256 stay free, and a line with its comma takes 6,004.
        assert_eq!(read_error(&text).causes, long.causes[..8]);
        for dialect in [Dialect::Postgres, Dialect::Sqlite] {
            assert_eq!(read_error(&written_error(&long, dialect)).causes, long.causes);
        }
    }

    #[test]
    fn a_text_of_another_form_is_the_message() {
        for text in ["null", "no json", "[1]", "{}"] {
            assert_eq!(read_error(text).message, text);
        }
    }
}
