//! Texts on their way in and out, and names within statements.

use std::borrow::Cow;

/// Begins an escape. No JSON has it, nor any name that a person writes.
const ESCAPE: char = '\u{1}';

/// A text as it is stored: `PostgreSQL` has no U+0000.
pub(crate) fn stored(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', ESCAPE]) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace(ESCAPE, "\u{1}1").replace('\0', "\u{1}0"))
}

/// A stored text as it was.
pub(crate) fn read(text: String) -> String {
    if !text.contains(ESCAPE) {
        return text;
    }
    text.replace("\u{1}0", "\0").replace("\u{1}1", "\u{1}")
}

/// A name as an identifier.
pub(crate) fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back() {
        for text in ["", "a", "\0", "\u{1}", "\u{1}0", "\0\u{1}1\0\u{1}\u{1}0", "a\0b"] {
            let kept = stored(text);
            assert!(!kept.contains('\0'), "{text:?}");
            assert_eq!(read(kept.into_owned()), text);
        }
    }
}
