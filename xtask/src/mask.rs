//! Rust text with comments and literals blanked, so that rules see code only.

/// The same text, character for character, in which the contents of comments, strings and character
/// literals are spaces. Line ends and double quotes stay.
pub(crate) fn mask(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let token = next_token(rest);
        let (head, tail) = rest.split_at(token.length);
        if token.is_code {
            masked.push_str(head);
        } else {
            masked.extend(head.chars().map(|c| if matches!(c, '\n' | '"') { c } else { ' ' }));
        }
        rest = tail;
    }
    masked
}

struct Token {
    length: usize,
    is_code: bool,
}

fn next_token(rest: &str) -> Token {
    let blank = |length| Token { length, is_code: false };
    if rest.starts_with("//") {
        return blank(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return blank(block_comment(rest));
    }
    if let Some(length) = raw_string(rest).or_else(|| string(rest)).or_else(|| character(rest)) {
        return blank(length);
    }
    Token { length: word(rest), is_code: true }
}

/// The length of a block comment; they nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = rest.get(at..) {
        if found.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if found.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            let Some(c) = found.chars().next() else { break };
            at += c.len_utf8();
        }
    }
    rest.len()
}

/// The length of `r"..."`, `br#"..."#` and the like.
fn raw_string(rest: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"].into_iter().find(|prefix| {
        let after = rest.strip_prefix(prefix);
        after.is_some_and(|after| after.trim_start_matches('#').starts_with('"'))
    })?;
    let fence = rest.get(prefix.len()..)?.split('"').next()?;
    let open = prefix.len() + fence.len() + 1;
    let close = format!("\"{fence}");
    let length = rest.get(open..)?.find(&close).map(|at| open + at + close.len());
    Some(length.unwrap_or(rest.len()))
}

/// The length of a string with escapes, its prefix included.
fn string(rest: &str) -> Option<usize> {
    let open = ["\"", "b\"", "c\""].into_iter().find(|open| rest.starts_with(open))?;
    Some(open.len() + closed_by('"', rest.get(open.len()..)?))
}

/// The length of a character literal. A lifetime is none.
fn character(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('\'')?;
    let mut chars = body.chars();
    let first = chars.next()?;
    let is_literal = first == '\\' || chars.next() == Some('\'');
    is_literal.then(|| 1 + closed_by('\'', body))
}

/// The length up to and with the quote that is not escaped.
fn closed_by(quote: char, body: &str) -> usize {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        if c == quote && !escaped {
            return at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    body.len()
}

/// The length of a whole word, so that its last letter is not taken for the prefix of a string; else of one character.
fn word(rest: &str) -> usize {
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    end.max(rest.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_blanked_and_code_stays() {
        let masked = mask("a // b {\nc /* d /* e */ f */ g");
        assert_eq!(masked.split_whitespace().collect::<Vec<_>>(), ["a", "c", "g"]);
        assert_eq!(masked.lines().map(str::len).collect::<Vec<_>>(), [8, 21]);
    }

    #[test]
    fn strings_lose_their_contents_and_keep_their_length() {
        let text = r##"f("a\"{é", r#"b"{"#, b'{', '\'', 'é')"##;
        let masked = mask(text);
        assert_eq!(masked.chars().count(), text.chars().count());
        assert!(!masked.contains(['{', 'a', '\'']), "{masked}");
    }

    #[test]
    fn a_lifetime_is_no_character_literal() {
        assert_eq!(mask("fn a<'a>(b: &'a str) { c }"), "fn a<'a>(b: &'a str) { c }");
    }

    #[test]
    fn the_last_letter_of_a_word_is_no_prefix_of_a_string() {
        assert_eq!(mask("attr\"a\" "), "attr\" \" ");
    }

    #[test]
    fn text_that_ends_within_a_literal_is_read_to_its_end() {
        for text in ["\"a", "r#\"a", "/* a", "'\\", "// a"] {
            assert_eq!(mask(text).len(), text.len());
        }
    }
}
