//! Arguments as people may see them: in logs, events and reports.

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
        if !self.shows_arguments() {
            return HIDDEN.to_owned();
        }
        if self.redact.is_empty() {
            return shortened(arguments);
        }
        match serde_json::from_str(arguments) {
            Ok(Value::Object(mut fields)) => {
                let secret = fields.iter_mut().filter(|(name, _)| self.redact.contains(&name.as_str()));
                secret.for_each(|(_, value)| *value = Value::from(REDACTED));
                shortened(&Value::Object(fields).to_string())
            }
            // A positional list does not name what is secret in it.
            _ => HIDDEN.to_owned(),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
