//! Ruby source text as statements, without comments, here-documents and what stands in strings.

/// The statements of a Ruby file, each on one line, with its parentheses closed.
pub(super) fn statements(text: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut open = String::new();
    for line in code_lines(text) {
        open.push_str(line.trim());
        if depth(&open) > 0 || open.ends_with(',') || open.ends_with('\\') {
            open = format!("{} ", open.trim_end_matches('\\').trim_end());
            continue;
        }
        statements.extend(split(&open, ';').into_iter().map(|part| part.trim().to_owned()));
        open.clear();
    }
    statements.push(open);
    statements.retain(|statement| !statement.is_empty());
    statements
}

/// The lines of code: without comments, here-documents, and what follows `__END__`.
fn code_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut skipped_until: Option<String> = None;
    for line in text.lines() {
        if let Some(end) = &skipped_until {
            let is_end = line.trim() == *end;
            skipped_until = skipped_until.filter(|_| !is_end);
        } else if line.starts_with("=begin") {
            skipped_until = Some("=end".to_owned());
        } else if line == "__END__" {
            break;
        } else {
            let code = without_comment(line);
            skipped_until = here_document(&code);
            lines.push(code);
        }
    }
    lines
}

fn without_comment(line: &str) -> String {
    let end = positions(line).find(|(at, letter)| *letter == '#' && is_comment(line, *at)).map(|(at, _)| at);
    line[..end.unwrap_or(line.len())].to_owned()
}

/// A comment begins a line or follows white space.
fn is_comment(line: &str, at: usize) -> bool {
    line[..at].chars().next_back().is_none_or(char::is_whitespace)
}

/// The word that ends the here-document that begins on this line.
fn here_document(line: &str) -> Option<String> {
    let at = line.find("<<~").or_else(|| line.find("<<-"))?;
    let word: String = line[at + 3..]
        .trim_start_matches(['\'', '"'])
        .chars()
        .take_while(|one| one.is_alphanumeric() || *one == '_')
        .collect();
    (!word.is_empty()).then_some(word)
}

/// How many parentheses, brackets and braces are open at the end.
fn depth(text: &str) -> i32 {
    positions(text).map(|(_, letter)| step(letter)).sum()
}

fn step(letter: char) -> i32 {
    match letter {
        '(' | '[' | '{' => 1,
        ')' | ']' | '}' => -1,
        _ => 0,
    }
}

/// The parts between separators that stand outside of strings and parentheses.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut depth) = (Vec::new(), 0, 0);
    for (at, letter) in positions(text) {
        depth += step(letter);
        if letter == separator && depth == 0 {
            parts.push(&text[start..at]);
            start = at + letter.len_utf8();
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Where the parenthesis closes that was open before the text; its end if none does.
pub(super) fn closing(text: &str) -> usize {
    let mut depth = 0;
    let closes = positions(text).find(|(_, letter)| {
        depth += step(*letter);
        depth < 0
    });
    closes.map_or(text.len(), |(at, _)| at)
}

/// The characters outside of strings, with their positions.
fn positions(text: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quote, mut is_escaped) = (None, false);
    text.char_indices().filter(move |(_, letter)| match quote {
        Some(_) if is_escaped => {
            is_escaped = false;
            false
        }
        Some(end) => {
            is_escaped = *letter == '\\';
            if *letter == end {
                quote = None;
            }
            false
        }
        None => {
            if matches!(letter, '"' | '\'' | '`') {
                quote = Some(*letter);
            }
            quote.is_none()
        }
    })
}
