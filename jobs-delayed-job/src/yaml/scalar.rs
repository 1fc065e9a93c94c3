//! What a plain scalar is, by the rules of Psych's `ScalarScanner` (Ruby 3.3, Psych 5.1).

use super::node::Node;
use super::number::number;
use super::time::time;

/// The value of a plain scalar. A text of Ruby for which this is no text is written with quotes.
pub(super) fn resolve(text: &str) -> Node {
    if text.is_empty() {
        return Node::Null;
    }
    if text.contains('\n') || is_word(text) {
        return word(text).unwrap_or_else(|| Node::Text(text.to_owned()));
    }
    let resolved = time(text).or_else(|| special_float(text)).or_else(|| symbol(text)).or_else(|| number(text));
    resolved.unwrap_or_else(|| Node::Text(text.to_owned()))
}

/// Whether it begins with a letter or sign that no number, time or symbol begins with, or has one as its second character.
fn is_word(text: &str) -> bool {
    let is_sign = |c: char| {
        c.is_alphabetic()
            || matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' ')
            || "_!@#$%^&*(){}<>|/\\~;=".contains(c)
    };
    let mut chars = text.chars();
    let Some(first) = chars.next() else { return false };
    is_sign(first) || !(first.is_ascii_digit() || ".:-".contains(first)) && chars.next().is_some_and(is_sign)
}

/// The words of at most five characters that mean something. Ruby looks at the lines of a text one by one here.
fn word(text: &str) -> Option<Node> {
    if text.chars().nth(5).is_some() {
        return None;
    }
    let lines: Vec<String> = text.split_inclusive('\n').map(str::to_ascii_lowercase).collect();
    let is_other = |line: &String| !line.starts_with(['y', 't', 'o', 'n', 'f', '~']);
    if lines.iter().any(is_other) {
        return None;
    }
    let is_any = |words: &[&str]| lines.iter().any(|line| words.contains(&line.trim_end_matches('\n')));
    if text == "~" || is_any(&["null"]) {
        Some(Node::Null)
    } else if is_any(&["yes", "true", "on"]) {
        Some(Node::Bool(true))
    } else {
        is_any(&["no", "false", "off"]).then_some(Node::Bool(false))
    }
}

fn special_float(text: &str) -> Option<Node> {
    match text.to_ascii_lowercase().as_str() {
        ".inf" | "+.inf" => Some(Node::Float(f64::INFINITY)),
        "-.inf" => Some(Node::Float(f64::NEG_INFINITY)),
        ".nan" => Some(Node::Float(f64::NAN)),
        _ => None,
    }
}

/// `:name`, `:"name"` and `:'name'`.
fn symbol(text: &str) -> Option<Node> {
    let name = text.strip_prefix(':').filter(|name| !name.is_empty())?;
    let quoted = ['"', '\''].into_iter().find_map(|quote| {
        let inner = name.strip_prefix(quote)?;
        inner.rfind(quote).map(|end| &inner[..end])
    });
    let name = quoted.map_or(name, |inner| inner.strip_prefix(':').unwrap_or(inner));
    Some(Node::Symbol(name.to_owned()))
}
