//! Mappings: their entries, and those with a fixed set of keys.

use crate::node::{Kind, Node};
use crate::reading::Reading;
use crate::words::{guess, listed};

/// How a value is read: what is wrong is said, and nothing given then.
pub(crate) type Read<T> = fn(&mut Reading<'_>, &str, &Node) -> Option<T>;

/// A mapping whose keys are known.
pub(crate) struct Fields<'n> {
    entries: Vec<(String, &'n Node)>,
}

impl<'n> Fields<'n> {
    /// The entries with one of the `known` keys. `what` names the mapping in words, as "a worker". An empty one has none.
    pub(crate) fn of(reading: &mut Reading<'_>, what: &str, known: &[&str], node: &'n Node) -> Self {
        if matches!(node.kind, Kind::Empty) {
            return Self { entries: Vec::new() };
        }
        let Some(entries) = entries(reading, node) else {
            let shown = reading.shown(node);
            reading.fault(node.place, format!("{what} is a mapping with {}, and this is {shown}", listed(known)));
            return Self { entries: Vec::new() };
        };
        for (key, name, _) in &entries {
            if !known.contains(&name.as_str()) {
                let (all, guess) = (listed(known), guess(name, known));
                reading.fault(key.place, format!("`{name}` is not a key of {what}; there is {all}{guess}"));
            }
        }
        Self { entries: entries.into_iter().map(|(_, name, value)| (name, value)).collect() }
    }

    /// The value of this key, unless it is empty.
    pub(crate) fn find(&self, key: &str) -> Option<&'n Node> {
        let (_, node) = self.entries.iter().find(|(name, _)| name == key)?;
        (!matches!(node.kind, Kind::Empty)).then_some(*node)
    }

    /// Reads the value of this key into its place, if there is one that can be read.
    pub(crate) fn set<T>(&self, reading: &mut Reading<'_>, key: &str, place: &mut T, read: Read<T>) {
        if let Some(value) = self.find(key).and_then(|node| read(reading, key, node)) {
            *place = value;
        }
    }
}

/// The entries of a mapping, each with its key and the key's name; nothing if it is no mapping.
///
/// A name that is given twice is said, and the first counts. A Ruby symbol (`:queues`) is the name without `:`.
pub(crate) fn entries<'n>(reading: &mut Reading<'_>, node: &'n Node) -> Option<Vec<(&'n Node, String, &'n Node)>> {
    let Kind::Mapping(written) = &node.kind else { return None };
    let mut entries: Vec<(&Node, String, &Node)> = Vec::with_capacity(written.len());
    for (key, value) in written {
        let Some(name) = name(reading, key) else { continue };
        match entries.iter().find(|(_, known, _)| *known == name) {
            None => entries.push((key, name, value)),
            // What is merged in stands below what the mapping says itself, also in the other spelling.
            Some(_) if key.is_borrowed => {}
            Some((first, ..)) => {
                let line = first.place.line;
                reading.fault(key.place, format!("`{name}` is given twice, first in line {line}; keep one of them"));
            }
        }
    }
    Some(entries)
}

fn name(reading: &mut Reading<'_>, key: &Node) -> Option<String> {
    let written = match &key.kind {
        Kind::Text(text) => text,
        Kind::Bool(_) | Kind::Whole(_) | Kind::Fraction(_) => reading.written(key),
        Kind::Empty | Kind::List(_) | Kind::Mapping(_) => {
            let shown = reading.shown(key);
            reading.fault(key.place, format!("a key is a word, and this is {shown}"));
            return None;
        }
    };
    Some(written.strip_prefix(':').unwrap_or(written).to_owned())
}
