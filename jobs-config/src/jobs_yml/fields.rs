//! Mappings with a fixed set of keys.

use crate::document::{Diagnostics, Kind, Node, entries, listed, near, quoted};

/// Reads the value of a key; reports an error and returns `None` if the value is wrong.
pub(crate) type Read<T> = fn(&mut Diagnostics<'_>, &str, &Node) -> Option<T>;

/// A mapping whose keys are known.
pub(crate) struct Fields<'n> {
    entries: Vec<(String, &'n Node)>,
}

impl<'n> Fields<'n> {
    /// The entries of a mapping; keys other than the `known` ones are errors. `what` names the mapping in messages, as
    /// "a worker". An empty node has no entries.
    pub(crate) fn of(diagnostics: &mut Diagnostics<'_>, what: &str, known: &[&str], node: &'n Node) -> Self {
        if matches!(node.kind, Kind::Empty) {
            return Self { entries: Vec::new() };
        }
        let Some(entries) = entries(diagnostics, node) else {
            let shown = diagnostics.describe(node);
            diagnostics
                .error(node.location, format!("{what} is a mapping with {}, and this is {shown}", listed(known)));
            return Self { entries: Vec::new() };
        };
        for (key, name, _) in &entries {
            if !known.contains(&name.as_str()) {
                diagnostics.error_with(key.location, || {
                    format!("{} is not a key of {what}; there is {}{}", quoted(name), listed(known), near(name, known))
                });
            }
        }
        Self { entries: entries.into_iter().map(|(_, name, value)| (name, value)).collect() }
    }

    /// The value of this key, unless it is empty.
    pub(crate) fn find(&self, key: &str) -> Option<&'n Node> {
        let (_, node) = self.entries.iter().find(|(name, _)| name == key)?;
        (!matches!(node.kind, Kind::Empty)).then_some(*node)
    }

    /// Sets `target` to the value of this key, if the key has a valid value.
    pub(crate) fn set<T>(&self, diagnostics: &mut Diagnostics<'_>, key: &str, target: &mut T, read: Read<T>) {
        if let Some(value) = self.find(key).and_then(|node| read(diagnostics, key, node)) {
            *target = value;
        }
    }
}
