//! Text from jobs and users as one line of a log: characters that break a line or control a terminal are escaped.

use std::fmt::{self, Display, Write};

/// Shows a value on one line, so that text which comes from a job, a user or the network cannot forge a line of a log, move
/// the cursor of a terminal or change the order in which a line is read.
///
/// Escaped, as in Rust's string literals (`\n`, `\u{1b}`), are control characters (Unicode's category Cc, which has the line
/// break U+0085 and the escape of terminals), the separators U+2028 and U+2029, the marks and overrides of the writing
/// direction, and the other invisible formatting characters that need no place in a log. All others stay as they are, also
/// backslashes and quotes.
///
/// ```
/// use jobs_core::OneLine;
///
/// assert_eq!(OneLine("declined\n12:00 INFO all is well").to_string(), r"declined\n12:00 INFO all is well");
/// assert_eq!(OneLine("Müller \"&\" Söhne").to_string(), "Müller \"&\" Söhne");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct OneLine<T>(pub T);

impl OneLine<char> {
    /// Whether the character is escaped.
    pub fn is_escaped(self) -> bool {
        is_escaped(self.0)
    }
}

impl<T: Display> Display for OneLine<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(Escaping(f), "{}", self.0)
    }
}

/// Escapes what is written through it.
struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let mut rest = text;
        while let Some(at) = rest.find(is_escaped) {
            let (plain, from) = rest.split_at(at);
            self.0.write_str(plain)?;
            let mut characters = from.chars();
            if let Some(character) = characters.next() {
                write!(self.0, "{}", character.escape_default())?;
            }
            rest = characters.as_str();
        }
        self.0.write_str(rest)
    }
}

/// Whether this character may break a line, control a terminal, or change unseen how a line is read.
fn is_escaped(character: char) -> bool {
    let is_hidden = matches!(character,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}');
    is_hidden || character.is_control()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_a_line_or_controls_a_terminal_is_escaped() {
        let hostile = "a\r\nb\0\u{1b}[2J\u{7f}\u{85}\u{9b}\u{2028}\u{2029}\u{202e}\u{2066}\u{feff}c";
        let escaped = r"a\r\nb\u{0}\u{1b}[2J\u{7f}\u{85}\u{9b}\u{2028}\u{2029}\u{202e}\u{2066}\u{feff}c";
        assert_eq!(OneLine(hostile).to_string(), escaped);
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in ["", r#"{"name":"Zoë","path":"C:\\new"}"#, "日本語 עברית 👩‍👩‍👧 «ok» €"] {
            assert_eq!(OneLine(text).to_string(), text);
        }
    }

    #[test]
    fn every_character_stays_or_is_escaped_and_no_control_character_is_left() {
        for character in '\0'..=char::MAX {
            let line = OneLine(character).to_string();
            assert!(!line.contains(char::is_control) && line.lines().count() == 1, "{line:?}");
            assert!(line == character.to_string() || line == character.escape_default().to_string(), "{line:?}");
        }
    }
}
