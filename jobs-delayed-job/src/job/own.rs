//! What only we know of a job: a comment at the end of its handler, which YAML leaves out of account and Ruby keeps.

use jobs_core::ErrorRecord;
use serde::{Deserialize, Serialize};

/// What begins the comment. No other line of a handler begins like this: those of a value are indented.
const MARK: &str = "\n# jobs_rs ";

/// What only we know of a job. Fields that have their default are left out. Times are microseconds since 1970.
///
/// The id comes first, so that a statement finds it by its position behind the mark.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RowComment {
    /// The id as a UUID, if Rust enqueued the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<String>,
    /// The names of the arguments, if these are an object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) names: Option<Vec<String>>,
    /// The arguments, if names and list do not give them back letter by letter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    /// The priority, if the column cannot hold its opposite.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) priority: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) meta: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) expires: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) concurrency_key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) batch_id: Option<String>,
    /// How many processes died while they ran it.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) crashes: u32,
    /// How many attempts failed before it was retried manually, which sets the column to zero.
    #[serde(skip_serializing_if = "is_zero")]
    pub(crate) attempts_before: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) errors: Vec<ErrorRecord>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl RowComment {
    /// The handler without the comment, and what the comment says. A comment that cannot be read stays a part of the handler.
    pub(crate) fn split(handler: &str) -> (&str, Self) {
        let read = || {
            let (yaml, comment) = handler.rsplit_once(MARK)?;
            Some((handler.get(..=yaml.len())?, serde_json::from_str(comment.trim_end()).ok()?))
        };
        read().unwrap_or_else(|| (handler, Self::default()))
    }

    /// The handler of this YAML text with the comment, if there is anything to say.
    pub(crate) fn join(&self, yaml: &str) -> String {
        if *self == Self::default() {
            return yaml.to_owned();
        }
        let line_end = if yaml.ends_with('\n') { "" } else { "\n" };
        let comment = ascii(&serde_json::to_string(self).unwrap_or_default());
        format!("{yaml}{line_end}{}{comment}\n", MARK.trim_start())
    }

    /// As [`join`](Self::join), with at most this many bytes: of many errors the oldest are left out.
    pub(crate) fn join_within(mut self, yaml: &str, bytes_max: usize) -> String {
        loop {
            let handler = self.join(yaml);
            if handler.len() <= bytes_max || self.errors.is_empty() {
                return handler;
            }
            self.errors.drain(..self.errors.len().div_ceil(2));
        }
    }
}

/// The same JSON in ASCII. In YAML 1.1 three characters beyond it end a line, and with it a comment.
fn ascii(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            let mut units = [0; 2];
            out.extend(c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_behind_a_handler_is_read_and_the_handler_is_unchanged() {
        let yaml = "--- !ruby/struct:A\nnote: |-\n  # jobs_rs {}\n";
        let own = RowComment { meta: Some("a\u{2028}🦀\u{7f}\n".to_owned()), crashes: 2, ..RowComment::default() };
        let handler = own.join(yaml);
        assert!(handler.starts_with(yaml) && handler.is_ascii() && handler.lines().count() == 4, "{handler}");
        assert_eq!(RowComment::split(&handler), (yaml, own));
        assert_eq!(
            (RowComment::split(yaml), RowComment::default().join(yaml)),
            ((yaml, RowComment::default()), yaml.to_owned())
        );
    }

    #[test]
    fn a_handler_that_would_be_too_long_loses_its_oldest_errors() {
        let errors: Vec<_> = (0..20).map(|number| ErrorRecord::new("E", format!("{number} is wrong"))).collect();
        let own = RowComment { errors, ..RowComment::default() };
        let handler = own.join_within("--- !ruby/object:A {}\n", 300);
        let (_, kept) = RowComment::split(&handler);
        assert!(handler.len() <= 300 && !kept.errors.is_empty(), "{handler}");
        assert_eq!(kept.errors.last().map(|error| error.message.as_str()), Some("19 is wrong"));
    }
}
