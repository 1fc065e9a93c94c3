//! Ruby's YAML as Ruby reads it: values in place of look-ups, symbols as their names.

use crate::node::{Kind, Node};
use crate::ruby::erb::Marked;

/// The node with all below it made so. `text` is the file as it is written, where quotes can be seen.
pub(crate) fn settled(node: Node, marked: &Marked, text: &str) -> Node {
    let kind = match node.kind {
        Kind::Text(words) => {
            let is_plain = !text.get(node.range.clone()).unwrap_or_default().starts_with(['"', '\'']);
            scalar(&words, marked, is_plain)
        }
        Kind::List(list) => Kind::List(list.into_iter().map(|node| settled(node, marked, text)).collect()),
        Kind::Mapping(entries) => {
            let entries = entries.into_iter();
            Kind::Mapping(
                entries.map(|(key, node)| (settled(key, marked, text), settled(node, marked, text))).collect(),
            )
        }
        other => other,
    };
    Node { kind, ..node }
}

fn scalar(words: &str, marked: &Marked, is_plain: bool) -> Kind {
    match marked.filled(words) {
        // Ruby puts the value in first and reads the YAML then, so a value may be a number, or nothing.
        Some(filled) if is_plain => typed(filled.trim()),
        Some(filled) => Kind::Text(literal(&filled)),
        None if is_plain => typed(symbol(words)),
        None => Kind::Text(literal(words)),
    }
}

fn typed(words: &str) -> Kind {
    let digits = words.replace('_', "");
    match words {
        "" => Kind::Empty,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        _ if !words.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') => Kind::Text(literal(words)),
        _ => match (digits.parse(), digits.parse::<f64>()) {
            (Ok(whole), _) => Kind::Whole(whole),
            (_, Ok(fraction)) if fraction.is_finite() => Kind::Fraction(fraction),
            _ => Kind::Text(literal(words)),
        },
    }
}

/// A symbol (`:mail`, `:"mail"`) is its name.
fn symbol(words: &str) -> &str {
    match words.strip_prefix(':') {
        Some(name) if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => name,
        Some(name) => name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(words),
        None => words,
    }
}

/// `${` means nothing to Ruby, and so it stays what it is.
fn literal(words: &str) -> String {
    words.replace("${", "$${")
}
