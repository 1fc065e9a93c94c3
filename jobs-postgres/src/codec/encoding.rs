//! The encoding of the database. One that is not UTF-8 lacks characters, and the server refuses texts with them.

use std::borrow::Cow;

use jobs_core::plain_text::{ascii, ascii_json};

/// Whether the database holds every character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    /// It may hold ASCII alone. What the library writes itself is written so; a job that has other characters is stored
    /// if the server takes it.
    Other,
}

impl Encoding {
    /// By its name, as `server_encoding` gives it.
    pub(crate) fn of(name: &str) -> Self {
        if name == "UTF8" { Self::Utf8 } else { Self::Other }
    }

    /// JSON as it is stored. Escapes change nothing of what it means.
    pub(crate) fn json(self, json: &str) -> Cow<'_, str> {
        self.escape(json, ascii_json)
    }

    /// A text for people as it is stored.
    pub(crate) fn text(self, text: &str) -> Cow<'_, str> {
        self.escape(text, ascii)
    }

    fn escape(self, text: &str, escape: fn(&str) -> String) -> Cow<'_, str> {
        if self == Self::Utf8 || text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(escape(text)) }
    }
}
