//! Reads queue names in the files of Ruby projects, and converts them to selectors.

use jobs_core::QueueSelector;

use crate::document::{Diagnostics, Kind, Node};
use crate::ruby::resolve;

/// The name as a selector, without white space around it.
pub(crate) fn selector(diagnostics: &mut Diagnostics<'_>, node: &Node, name: &str) -> Option<String> {
    let name = name.trim();
    let advice = if name.contains(',') { "; write several as a list: `[critical, mail]`" } else { "" };
    match name.parse::<QueueSelector>() {
        Ok(_) => Some(name.to_owned()),
        Err(error) => {
            diagnostics.error(node.location, format!("{error}; a worker serves `mail`, `mail*` or `*`{advice}"));
            None
        }
    }
}

/// The text of a name, which may look like a number.
pub(crate) fn text(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(text) => Some(resolve::unescape(text)),
        Kind::Whole(number) => Some(number.to_string()),
        Kind::Bool(_) => Some(diagnostics.source_of(node).to_owned()),
        _ => {
            diagnostics.mismatch("queues", "made of names", node, "; write `critical`, or a list `[critical, mail]`");
            None
        }
    }
}
