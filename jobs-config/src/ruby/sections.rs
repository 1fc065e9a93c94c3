//! The part of a Ruby's file that counts: the section of an environment, or what stands outside of sections.

use crate::fields::entries;
use crate::node::{Kind, Node, Place};
use crate::reading::Reading;
use crate::ruby::settings::{Entry, Keys};
use crate::words::{guess, listed};

/// What becomes of the settings outside of sections where the environment has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outside {
    /// They hold unless the section says otherwise, as in Sidekiq.
    Below,
    /// They do not count, as in Solid Queue.
    Nowhere,
}

/// What counts, and the other sections, which are only looked through.
pub(crate) struct Sections<'n> {
    pub(crate) chosen: Vec<Entry<'n>>,
    pub(crate) others: Vec<&'n Node>,
}

const START: Place = Place { line: 1, column: 1 };

pub(crate) fn choose<'n>(
    reading: &mut Reading<'_>,
    root: &'n Node,
    keys: &Keys,
    outside: Outside,
    environment: &str,
) -> Sections<'n> {
    let is_settings = |(_, name, _): &Entry<'n>| keys.has(name);
    let (settings, rest): (Vec<_>, Vec<_>) = all(reading, root).into_iter().partition(is_settings);
    let is_section = |(_, name, node): &Entry<'n>| name == environment || holds(node, keys);
    let (sections, strangers): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_section);
    let names: Vec<String> = sections.iter().map(|(_, name, _)| name.clone()).collect();
    let (own, others): (Vec<_>, Vec<_>) = sections.into_iter().partition(|(_, name, _)| name == environment);
    let own = own.first().map(|(_, _, node)| *node);
    if own.is_none() && settings.is_empty() && !names.is_empty() {
        absent(reading, environment, &names);
    }
    let mut chosen = merged(reading, own, settings, outside, environment);
    chosen.extend(strangers);
    Sections { chosen, others: others.into_iter().map(|(_, _, node)| node).collect() }
}

/// The entries of the file, but for those that only hold parts for others.
fn all<'n>(reading: &mut Reading<'_>, root: &'n Node) -> Vec<Entry<'n>> {
    let Some(mut entries) = entries(reading, root) else {
        if !matches!(root.kind, Kind::Empty) {
            let shown = reading.shown(root);
            reading.fault(root.place, format!("the file is a mapping, and this is {shown}"));
        }
        return Vec::new();
    };
    entries.retain(|(_, name, _)| !name.starts_with("x-") && !name.starts_with('.'));
    entries
}

/// Whether it is a mapping with at least one of the keys.
fn holds(node: &Node, keys: &Keys) -> bool {
    let Kind::Mapping(entries) = &node.kind else { return false };
    entries.iter().any(|(key, _)| matches!(&key.kind, Kind::Text(name) if keys.has(name.trim_start_matches(':'))))
}

fn merged<'n>(
    reading: &mut Reading<'_>,
    own: Option<&'n Node>,
    settings: Vec<Entry<'n>>,
    outside: Outside,
    environment: &str,
) -> Vec<Entry<'n>> {
    let Some(node) = own.filter(|node| !matches!(node.kind, Kind::Empty)) else { return settings };
    let Some(mut chosen) = entries(reading, node) else {
        let shown = reading.shown(node);
        reading.fault(node.place, format!("the environment `{environment}` is a mapping, and this is {shown}"));
        return settings;
    };
    for entry in settings {
        let (key, name, _) = &entry;
        if outside == Outside::Nowhere {
            let words = "it stands outside of the environments, and this one has a section";
            reading.warn(key.place, format!("`{name}` is not read for `{environment}`: {words}"));
        } else if !chosen.iter().any(|(_, own, _)| own == name) {
            chosen.push(entry);
        }
    }
    chosen
}

fn absent(reading: &mut Reading<'_>, environment: &str, names: &[String]) {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (all, guess) = (listed(&names), guess(environment, &names));
    let words = format!("the environment `{environment}` has no section; there is {all}{guess}");
    reading.fault(START, format!("{words} (`-e`, `JOBS_ENV` or `RAILS_ENV` chooses the environment)"));
}
