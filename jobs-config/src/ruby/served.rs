//! Names of queues in Ruby's files, and the selectors that they become.

use jobs_core::QueueSelector;

use crate::node::{Kind, Node};
use crate::reading::Reading;

/// The name as a selector, without white space around it.
pub(crate) fn selector(reading: &mut Reading<'_>, node: &Node, name: &str) -> Option<String> {
    let name = name.trim();
    let advice = if name.contains(',') { "; write several as a list: `[critical, mail]`" } else { "" };
    match name.parse::<QueueSelector>() {
        Ok(_) => Some(name.to_owned()),
        Err(error) => {
            reading.fault(node.place, format!("{error}; a worker serves `mail`, `mail*` or `*`{advice}"));
            None
        }
    }
}

/// The letters of a name, which may look like a number.
pub(crate) fn name(reading: &mut Reading<'_>, node: &Node) -> Option<String> {
    match &node.kind {
        Kind::Text(_) | Kind::Bool(_) | Kind::Whole(_) => Some(letters(reading, node)),
        _ => {
            reading.wrong("queues", "made of names", node, "; write `critical`, or a list `[critical, mail]`");
            None
        }
    }
}

fn letters(reading: &Reading<'_>, node: &Node) -> String {
    match &node.kind {
        // `$${` stands for the two letters, see `tree`.
        Kind::Text(text) => text.replace("$${", "${"),
        Kind::Whole(number) => number.to_string(),
        _ => reading.written(node).to_owned(),
    }
}
