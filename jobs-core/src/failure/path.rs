//! Where in a text of JSON a value stands: `order.lines[2].price`.

/// One open object with the key it is at, or one open array with the index it is at.
enum Open<'a> {
    Object(Option<&'a str>),
    Array(usize),
}

/// The path of the value that serde could not take.
///
/// `None` if it is the whole, or if the text is no JSON: serde's line and column then say all there is to say.
pub(crate) fn path_to(text: &str, error: &serde_json::Error) -> Option<String> {
    if !error.is_data() {
        return None;
    }
    let line = error.line().checked_sub(1)?;
    let before: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let read = text.get(..before + error.column())?;
    Some(words(&open_at_end(read))).filter(|path| !path.is_empty())
}

/// What is open where the text, the beginning of a JSON text, stops.
fn open_at_end(text: &str) -> Vec<Open<'_>> {
    let mut open = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at(if first == '"' { string_length(rest) } else { first.len_utf8() });
        rest = after;
        match first {
            '{' => open.push(Open::Object(None)),
            '[' => open.push(Open::Array(0)),
            '}' | ']' => drop(open.pop()),
            _ => step(&mut open, token),
        }
    }
    open
}

/// Moves on within the innermost that is open.
fn step<'a>(open: &mut [Open<'a>], token: &'a str) {
    match open.last_mut() {
        Some(Open::Object(key)) if token == "," => *key = None,
        Some(Open::Object(key @ None)) => *key = token.strip_prefix('"').and_then(|key| key.strip_suffix('"')),
        Some(Open::Array(index)) if token == "," => *index += 1,
        _ => {}
    }
}

/// The length of the string at the beginning of the text, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            _ => escaped = c == '\\' && !escaped,
        }
    }
    text.len()
}

fn words(open: &[Open<'_>]) -> String {
    let mut path = String::new();
    for one in open {
        match one {
            Open::Object(Some(key)) if path.is_empty() => path.push_str(key),
            Open::Object(Some(key)) => path.extend([".", key]),
            Open::Object(None) => {}
            Open::Array(index) => path.extend(["[", &index.to_string(), "]"]),
        }
    }
    path
}
