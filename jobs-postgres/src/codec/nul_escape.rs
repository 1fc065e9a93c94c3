//! Escapes U+0000 in texts, which `PostgreSQL` cannot store.

use std::borrow::Cow;

/// The first character of an escape. JSON never contains it unescaped, and it is unlikely in a name, so nearly every
/// text is stored as it is.
const ESCAPE: char = '\u{1}';

/// A text as it is stored. The escape character itself is escaped too, so that every text can be read back.
pub(crate) fn escape_nul(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(ESCAPE, "\u{1}1").replace('\0', "\u{1}0"))
}

/// Reverts [`escape_nul`].
pub(crate) fn unescape_nul(text: String) -> String {
    if !text.contains(ESCAPE) {
        return text;
    }
    text.replace("\u{1}0", "\0").replace("\u{1}1", "\u{1}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        for text in ["", "a", "\0", "\u{1}", "\u{1}0", "\0\u{1}1\0\u{1}\u{1}0", "a\0b"] {
            let stored = escape_nul(text);
            assert!(!stored.contains('\0'), "{text:?}");
            assert_eq!(unescape_nul(stored.into_owned()), text);
        }
    }
}
