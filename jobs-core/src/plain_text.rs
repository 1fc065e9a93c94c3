//! Texts in ASCII, for databases that cannot hold every character.

/// A text in printable ASCII. All other characters are escaped as in Rust: `\n`, `\u{1f980}`.
pub fn ascii(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            ' '..='~' => plain.push(character),
            _ => plain.extend(character.escape_default()),
        }
    }
    plain
}

/// The same JSON in ASCII. In JSON, characters beyond ASCII occur only within strings, where they may be escaped.
pub fn ascii_json(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() {
            plain.push(character);
        } else {
            plain.extend(character.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    plain
}
