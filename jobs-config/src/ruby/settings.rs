//! Mappings in Ruby's files: what is not read is told, never refused, since Ruby takes any key.

use crate::fields::entries;
use crate::node::{Kind, Node};
use crate::reading::Reading;
use crate::words::{guess, listed};

/// A key with its name and its value.
pub(crate) type Entry<'n> = (&'n Node, String, &'n Node);

/// The keys of a mapping: those that are read, and those that have no sense here with the reason why.
pub(crate) struct Keys {
    /// The mapping in words, as "a worker".
    pub(crate) what: &'static str,
    pub(crate) read: &'static [&'static str],
    pub(crate) told: &'static [(&'static str, &'static str)],
}

impl Keys {
    /// Whether it is one of them.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.read.contains(&name) || self.reason(name).is_some()
    }

    fn reason(&self, name: &str) -> Option<&'static str> {
        self.told.iter().find(|(told, _)| *told == name).map(|(_, reason)| *reason)
    }
}

/// The entries of a mapping whose keys are known.
pub(crate) struct Settings<'n> {
    entries: Vec<Entry<'n>>,
}

impl<'n> Settings<'n> {
    /// These entries. Those that are not read are told.
    pub(crate) fn of(reading: &mut Reading<'_>, keys: &Keys, entries: Vec<Entry<'n>>) -> Self {
        for (key, name, value) in &entries {
            if let Some(reason) = keys.reason(name) {
                // What is switched off anyway is not missed.
                if !matches!(value.kind, Kind::Empty) {
                    reading.warn(key.place, format!("`{name}` is not read: {reason}"));
                }
            } else if !keys.read.contains(&name.as_str()) {
                let (what, all, guess) = (keys.what, listed(keys.read), guess(name, keys.read));
                reading.warn(key.place, format!("`{name}` is not read: {what} has {all}{guess}"));
            }
        }
        Self { entries }
    }

    /// Those of a node, which is to be a mapping or empty.
    pub(crate) fn read(reading: &mut Reading<'_>, keys: &Keys, node: &'n Node) -> Self {
        let entries = if matches!(node.kind, Kind::Empty) { Some(Vec::new()) } else { entries(reading, node) };
        if entries.is_none() {
            let (what, all, shown) = (keys.what, listed(keys.read), reading.shown(node));
            reading.fault(node.place, format!("{what} is a mapping with {all}, and this is {shown}"));
        }
        Self::of(reading, keys, entries.unwrap_or_default())
    }

    /// The value of this key, unless it is empty.
    pub(crate) fn find(&self, key: &str) -> Option<&'n Node> {
        let (_, _, node) = self.entries.iter().find(|(_, name, _)| name == key)?;
        (!matches!(node.kind, Kind::Empty)).then_some(*node)
    }
}
