//! A value as one line of JSON, which cannot control a terminal.

use std::fmt::Write;

use jobs_core::OneLine;
use serde::Serialize;

/// Writes a value as JSON on one line. What [`OneLine`] escapes is written as `\u009b`, which readers of JSON turn into the same
/// text: jobs and users wrote some of it, and a person may see the line in a terminal.
///
/// # Errors
/// The value is not one that JSON has.
pub(crate) fn json_line(value: &impl Serialize) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(value)?;
    if !json.contains(|character| OneLine(character).is_escaped()) {
        return Ok(json);
    }
    let mut line = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            // Between the values of stored JSON; in its texts they are escaped already.
            '\n' | '\r' | '\t' => line.push(' '),
            _ if OneLine(character).is_escaped() => push_escaped(&mut line, character),
            _ => line.push(character),
        }
    }
    Ok(line)
}

fn push_escaped(line: &mut String, character: char) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        // Writing to a `String` cannot fail.
        let _written = write!(line, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn what_controls_a_terminal_is_escaped_and_read_back_as_it_was() {
        let text = "a\n\u{1b}[2J \u{7f} \u{9b}2J \u{202e} \u{2066} \u{feff} 漢字 \u{1f600} Zoë";
        let line = json_line(&text).unwrap();
        assert_eq!(line, "\"a\\n\\u001b[2J \\u007f \\u009b2J \\u202e \\u2066 \\ufeff 漢字 \u{1f600} Zoë\"");
        assert_eq!(serde_json::from_str::<String>(&line).unwrap(), text);
    }

    #[test]
    fn stored_json_of_several_lines_becomes_one_line() {
        let stored: Box<RawValue> = serde_json::from_str("{\n\t\"a\":\r\n \"\u{9b}\"}").unwrap();
        assert_eq!(json_line(&stored).unwrap(), "{  \"a\":   \"\\u009b\"}");
    }
}
