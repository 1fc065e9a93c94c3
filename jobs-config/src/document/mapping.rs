//! The entries of a mapping, by the names of their keys.

use std::collections::HashMap;

use crate::document::diagnostics::{Diagnostics, quoted};
use crate::document::node::{Kind, Node};

/// A key, its name, and its value.
pub(crate) type Entry<'n> = (&'n Node, String, &'n Node);

/// The entries of a mapping; `None` if the node is not a mapping.
///
/// If a name occurs twice, that is an error and the first entry counts. A Ruby symbol (`:queues`) is the name without
/// `:`.
pub(crate) fn entries<'n>(diagnostics: &mut Diagnostics<'_>, node: &'n Node) -> Option<Vec<Entry<'n>>> {
    let Kind::Mapping(written) = &node.kind else { return None };
    let mut entries: Vec<Entry<'n>> = Vec::with_capacity(written.len());
    let mut first_lines: HashMap<String, u64> = HashMap::with_capacity(written.len());
    for (key, value) in written {
        let Some(name) = name(diagnostics, key) else { continue };
        match first_lines.get(&name) {
            None => {
                first_lines.insert(name.clone(), key.location.line);
                entries.push((key, name, value));
            }
            // The own entries of a mapping override merged ones, also if only one of them is written as a symbol.
            Some(_) if key.is_from_anchor => {}
            Some(line) => diagnostics.error_with(key.location, || {
                format!("{} is given twice, first in line {line}; keep one of them", quoted(&name))
            }),
        }
    }
    Some(entries)
}

fn name(diagnostics: &mut Diagnostics<'_>, key: &Node) -> Option<String> {
    let written = match &key.kind {
        Kind::Text(text) => text,
        Kind::Bool(_) | Kind::Whole(_) | Kind::Fraction(_) => diagnostics.source_of(key),
        Kind::Empty | Kind::List(_) | Kind::Mapping(_) => {
            let shown = diagnostics.describe(key);
            diagnostics.error(key.location, format!("a key is text, and this is {shown}"));
            return None;
        }
    };
    Some(written.strip_prefix(':').unwrap_or(written).to_owned())
}
