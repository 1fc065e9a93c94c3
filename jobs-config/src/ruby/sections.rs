//! Chooses the settings of a file: the section of an environment, or the settings outside of sections.

use crate::document::{Diagnostics, Entry, Kind, Location, Node, entries, listed, near};
use crate::ruby::settings::Keys;

/// How settings outside of sections are treated if the environment has a section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TopLevel {
    /// They are defaults that the section may override, as in Sidekiq.
    Defaults,
    /// They are ignored, as in Solid Queue.
    Ignored,
}

/// The settings that are used, and the other sections, which are only checked.
pub(crate) struct Sections<'n> {
    pub(crate) chosen: Vec<Entry<'n>>,
    pub(crate) others: Vec<&'n Node>,
}

/// Chooses the settings for `environment`.
pub(crate) fn choose<'n>(
    diagnostics: &mut Diagnostics<'_>,
    root: &'n Node,
    keys: &Keys,
    top_level: TopLevel,
    environment: &str,
) -> Sections<'n> {
    let is_settings = |(_, name, _): &Entry<'n>| keys.has(name);
    let (settings, rest): (Vec<_>, Vec<_>) = all(diagnostics, root).into_iter().partition(is_settings);
    let has_own = rest.iter().any(|(_, name, _)| name == environment);
    let is_section = |(_, name, node): &Entry<'n>| {
        let is_other = has_own && matches!(node.kind, Kind::Mapping(_) | Kind::Empty);
        name == environment || holds(node, keys) || is_other || is_usual(name, node)
    };
    let (sections, unknown): (Vec<_>, Vec<_>) = rest.into_iter().partition(is_section);
    let names: Vec<String> = sections.iter().map(|(_, name, _)| name.clone()).collect();
    let (own, others): (Vec<_>, Vec<_>) = sections.into_iter().partition(|(_, name, _)| name == environment);
    let own = own.first().map(|(_, _, node)| *node);
    if own.is_none() && settings.is_empty() && !names.is_empty() {
        report_missing(diagnostics, top_level, environment, &names);
    }
    let mut chosen = merged(diagnostics, own, settings, top_level, environment);
    chosen.extend(unknown);
    Sections { chosen, others: others.into_iter().map(|(_, _, node)| node).collect() }
}

/// The entries of the file, without those that only have parts for others.
fn all<'n>(diagnostics: &mut Diagnostics<'_>, root: &'n Node) -> Vec<Entry<'n>> {
    let Some(mut entries) = entries(diagnostics, root) else {
        if !matches!(root.kind, Kind::Empty) {
            let found = diagnostics.describe(root);
            diagnostics.error(root.location, format!("the file is a mapping, and this is {found}"));
        }
        return Vec::new();
    };
    entries.retain(|(_, name, _)| !name.starts_with("x-") && !name.starts_with('.'));
    entries
}

/// Whether the node is a mapping with at least one of the keys.
fn holds(node: &Node, keys: &Keys) -> bool {
    let Kind::Mapping(entries) = &node.kind else { return false };
    entries.iter().any(|(key, _)| matches!(&key.kind, Kind::Text(name) if keys.has(name.trim_start_matches(':'))))
}

/// The settings of the section, with those outside of sections.
fn merged<'n>(
    diagnostics: &mut Diagnostics<'_>,
    own: Option<&'n Node>,
    settings: Vec<Entry<'n>>,
    top_level: TopLevel,
    environment: &str,
) -> Vec<Entry<'n>> {
    let Some(node) = own.filter(|node| !matches!(node.kind, Kind::Empty)) else { return settings };
    let Some(mut chosen) = entries(diagnostics, node) else {
        let found = diagnostics.describe(node);
        diagnostics.error(node.location, format!("the environment `{environment}` is a mapping, and this is {found}"));
        return settings;
    };
    for entry in settings {
        let (key, name, _) = &entry;
        if top_level == TopLevel::Ignored {
            let reason = "it is outside of the environments, and this environment has a section";
            diagnostics.warn(key.location, format!("`{name}` is not read for `{environment}`: {reason}"));
        } else if !chosen.iter().any(|(_, own, _)| own == name) {
            chosen.push(entry);
        }
    }
    chosen
}

/// Whether it is a section of one of the usual environments, also without keys that are known.
fn is_usual(name: &str, node: &Node) -> bool {
    matches!(name, "development" | "test" | "staging" | "production")
        && matches!(node.kind, Kind::Mapping(_) | Kind::Empty)
}

/// Sidekiq starts with its defaults if the file has no section for the environment.
fn report_missing(diagnostics: &mut Diagnostics<'_>, top_level: TopLevel, environment: &str, names: &[String]) {
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (all, hint) = (listed(&names), near(environment, &names));
    let message = format!("the environment `{environment}` has no section; there is {all}{hint}");
    let choice = "(`-e`, `JOBS_ENV` or `RAILS_ENV` chooses the environment)";
    match top_level {
        TopLevel::Ignored => diagnostics.error(Location::START, format!("{message} {choice}")),
        TopLevel::Defaults => {
            let defaults = "so the defaults of Sidekiq are used, 5 threads for the queue `default`";
            diagnostics.warn(Location::START, format!("{message}, {defaults} {choice}"));
        }
    }
}
