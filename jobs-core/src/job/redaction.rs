//! Arguments as people may see them: in logs, events and reports.

use std::borrow::Cow;

use serde_json::Value;

use crate::Settings;

/// What stands for arguments that are not to be seen (Active Job's `log_arguments = false`).
pub const HIDDEN: &str = "[hidden]";

/// What stands for the value of a redacted argument.
const REDACTED: &str = "[redacted]";

/// The most characters that are shown.
const LONGEST: usize = 1000;

impl Settings {
    /// The arguments (JSON text) as they may be shown: whole, with redacted values replaced, or not at all; cut
    /// after 1,000 characters. Arguments that cannot be read are hidden if any of them is to be redacted.
    pub fn shown_arguments(&self, arguments: &str) -> String {
        self.visible_arguments(arguments).map_or_else(|| HIDDEN.to_owned(), |visible| shortened(&visible))
    }

    /// The same without a cut; `None` if they are not to be seen.
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
            // A positional list does not name what is secret in it.
            _ => None,
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
