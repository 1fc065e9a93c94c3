//! Arguments as they may be displayed in logs, events and reports: whole, redacted or hidden.

use std::borrow::Cow;

use serde_json::Value;

use crate::{JobRecord, Settings};

/// Replaces arguments that must not be displayed (Active Job's `log_arguments = false`).
pub const HIDDEN: &str = "[hidden]";

/// Replaces the value of a redacted argument.
const REDACTED: &str = "[redacted]";

/// The most characters that are displayed.
const LONGEST: usize = 1000;

impl Settings {
    /// The arguments (JSON text) as they may be displayed: whole, with redacted values replaced, or hidden; cut
    /// after 1,000 characters. Arguments that cannot be read are hidden if any of them has to be redacted.
    pub fn shown_arguments(&self, arguments: &str) -> String {
        self.visible_arguments(arguments).map_or_else(|| HIDDEN.to_owned(), |visible| truncated(&visible))
    }

    /// Whether arguments may be displayed as they are stored, all of them.
    pub const fn shows_all_arguments(&self) -> bool {
        self.shows_arguments() && self.redact.is_empty()
    }

    /// The same without a cut; `None` if they are hidden.
    pub fn visible_arguments<'a>(&self, arguments: &'a str) -> Option<Cow<'a, str>> {
        if !self.shows_arguments() {
            return None;
        }
        if self.redact.is_empty() {
            return Some(arguments.into());
        }
        match serde_json::from_str(arguments) {
            Ok(Value::Object(mut fields)) => {
                let secret = fields.iter_mut().filter(|(name, _)| self.redact.contains(&name.as_str()));
                secret.for_each(|(_, value)| *value = Value::from(REDACTED));
                Some(Value::Object(fields).to_string().into())
            }
            // A positional list does not name its secret values.
            _ => None,
        }
    }
}

/// The unique key of a job as it may be displayed. It is a hash, from which an argument can be guessed that is not shown: so
/// it is hidden unless the arguments are shown as they are stored. `None` if the job is not unique.
pub fn shown_unique_key<'a>(job: &'a JobRecord, shown_arguments: Option<&str>) -> Option<&'a str> {
    let key = job.unique_key.as_deref()?;
    Some(if shown_arguments == Some(&job.arguments) { key } else { HIDDEN })
}

fn truncated(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
