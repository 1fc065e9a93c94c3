//! Resolves YAML as Ruby reads it: values in place of ERB, symbols as their names.

use crate::document::{Kind, Node};
use crate::ruby::erb::ErbTemplate;

/// Resolves the node and all nodes in it. `text` is the source of the file, which shows what is in quotes.
pub(crate) fn resolve(node: Node, template: &ErbTemplate, text: &str) -> Node {
    let kind = match node.kind {
        Kind::Text(content) => {
            let is_plain = !text.get(node.range.clone()).unwrap_or_default().starts_with(['"', '\'']);
            scalar(&content, template, is_plain)
        }
        Kind::List(list) => Kind::List(list.into_iter().map(|node| resolve(node, template, text)).collect()),
        Kind::Mapping(entries) => {
            let entries = entries.into_iter();
            Kind::Mapping(
                entries.map(|(key, node)| (resolve(key, template, text), resolve(node, template, text))).collect(),
            )
        }
        other => other,
    };
    Node { kind, ..node }
}

fn scalar(text: &str, template: &ErbTemplate, is_plain: bool) -> Kind {
    match template.filled(text) {
        // Ruby runs ERB before it parses the YAML, so the value may be a number or empty.
        Some(filled) if is_plain => typed(filled.trim()),
        Some(filled) => Kind::Text(escape(&filled)),
        None if is_plain => typed(symbol(text)),
        None => Kind::Text(escape(text)),
    }
}

fn typed(text: &str) -> Kind {
    let digits = text.replace('_', "");
    match text {
        "" => Kind::Empty,
        "true" => Kind::Bool(true),
        "false" => Kind::Bool(false),
        _ if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') => Kind::Text(escape(text)),
        _ => match (digits.parse(), digits.parse::<f64>()) {
            (Ok(whole), _) => Kind::Whole(whole),
            (_, Ok(fraction)) if fraction.is_finite() => Kind::Fraction(fraction),
            _ => Kind::Text(escape(text)),
        },
    }
}

/// A symbol (`:mail`, `:"mail"`) is its name.
fn symbol(text: &str) -> &str {
    match text.strip_prefix(':') {
        Some(name) if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => name,
        Some(name) => name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(text),
        None => text,
    }
}

/// Escapes `${`, which has no meaning in the files of Ruby projects, so that it is not expanded.
fn escape(text: &str) -> String {
    text.replace("${", "$${")
}

/// The text before [`escape`].
pub(crate) fn unescape(text: &str) -> String {
    text.replace("$${", "${")
}
