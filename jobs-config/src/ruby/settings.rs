//! Mappings in the files of Ruby projects. An unknown key is a warning and not an error, because Ruby accepts any key.

use crate::document::{Diagnostics, Entry, Kind, Node, entries, listed, near, quoted};

/// The keys of a mapping: those that are read, and those that are ignored with the reason.
pub(crate) struct Keys {
    /// The name of the mapping in messages, as "a worker".
    pub(crate) what: &'static str,
    pub(crate) read: &'static [&'static str],
    pub(crate) ignored: &'static [(&'static str, &'static str)],
}

impl Keys {
    /// Whether it is one of them.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.read.contains(&name) || self.reason(name).is_some()
    }

    fn reason(&self, name: &str) -> Option<&'static str> {
        self.ignored.iter().find(|(key, _)| *key == name).map(|(_, reason)| *reason)
    }
}

/// The entries of a mapping whose keys are known.
pub(crate) struct Settings<'n> {
    entries: Vec<Entry<'n>>,
}

impl<'n> Settings<'n> {
    /// These entries, with a warning for each one that is not read.
    pub(crate) fn of(diagnostics: &mut Diagnostics<'_>, keys: &Keys, entries: Vec<Entry<'n>>) -> Self {
        for (key, name, value) in &entries {
            if let Some(reason) = keys.reason(name) {
                // An empty value has no effect in Ruby either.
                if !matches!(value.kind, Kind::Empty) {
                    diagnostics.warn(key.location, format!("`{name}` is not read: {reason}"));
                }
            } else if !keys.read.contains(&name.as_str()) {
                diagnostics.warn_with(key.location, || {
                    let (what, all) = (keys.what, listed(keys.read));
                    format!("{} is not read: {what} has {all}{}", quoted(name), near(name, keys.read))
                });
            }
        }
        Self { entries }
    }

    /// The settings of a node, which has to be a mapping or empty.
    pub(crate) fn read(diagnostics: &mut Diagnostics<'_>, keys: &Keys, node: &'n Node) -> Self {
        let entries = if matches!(node.kind, Kind::Empty) { Some(Vec::new()) } else { entries(diagnostics, node) };
        if entries.is_none() {
            let (what, all, found) = (keys.what, listed(keys.read), diagnostics.describe(node));
            diagnostics.error(node.location, format!("{what} is a mapping with {all}, and this is {found}"));
        }
        Self::of(diagnostics, keys, entries.unwrap_or_default())
    }

    /// The value of this key, unless it is empty.
    pub(crate) fn find(&self, key: &str) -> Option<&'n Node> {
        let (_, _, node) = self.entries.iter().find(|(_, name, _)| name == key)?;
        (!matches!(node.kind, Kind::Empty)).then_some(*node)
    }
}
