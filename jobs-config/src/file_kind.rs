//! The kind of a configuration file: ours, or one of a Ruby project.

use std::path::Path;

use crate::document::{Kind, Node};
use crate::ruby;

/// The kind of a configuration file, by its name or else by its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// `config/jobs.yml`.
    Client,
    /// `config/queue.yml` of Solid Queue.
    SolidQueue,
    /// `config/sidekiq.yml`.
    Sidekiq,
    /// `config/recurring.yml` of Solid Queue, or `config/schedule.yml` of sidekiq-cron, which have no workers.
    Recurring,
}

impl FileKind {
    pub(crate) fn of(file: &str, text: &str) -> Self {
        let name = match Self::by_name(file) {
            Some((kind, true)) => return kind,
            name => name.map(|(kind, _)| kind),
        };
        let Some(root) = ruby::outline(text) else { return name.unwrap_or(Self::Client) };
        // `sidekiq_schedule.yml` has no workers.
        if ruby::is_file_of_tasks(&root) { Self::Recurring } else { name.unwrap_or_else(|| Self::by_keys(&root)) }
    }

    /// The kind by the name of the file, and whether that is certain.
    fn by_name(file: &str) -> Option<(Self, bool)> {
        let name = Path::new(file).file_name()?.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".erb").unwrap_or(&name);
        let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
        match stem {
            "jobs" => Some((Self::Client, true)),
            "queue" => Some((Self::SolidQueue, true)),
            "recurring" => Some((Self::Recurring, true)),
            "sidekiq" => Some((Self::Sidekiq, true)),
            _ if stem.contains("sidekiq") => Some((Self::Sidekiq, false)),
            _ if stem.contains("solid_queue") => Some((Self::SolidQueue, true)),
            _ => None,
        }
    }

    /// The kind by keys that only this kind has, in the file or in its sections.
    fn by_keys(root: &Node) -> Self {
        let (top, nested) = keys(root);
        let has = |names: &[&str]| top.iter().chain(&nested).any(|key| names.contains(key));
        if has(&["concurrency", "capsules", "max_retries", "timeout"]) {
            Self::Sidekiq
        } else if has(&["dispatchers"]) || top.contains(&"workers") {
            Self::SolidQueue
        } else if top.contains(&"queues") {
            Self::Sidekiq
        } else {
            Self::Client
        }
    }

    /// The variables that name the environment if `JOBS_ENV` does not, in the order of their precedence.
    pub(crate) const fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Client | Self::Recurring => &[],
            Self::SolidQueue => &["RAILS_ENV", "RACK_ENV"],
            Self::Sidekiq => &["APP_ENV", "RAILS_ENV", "RACK_ENV"],
        }
    }
}

/// The keys of the file, and those of the mappings directly in it.
fn keys(root: &Node) -> (Vec<&str>, Vec<&str>) {
    let Kind::Mapping(entries) = &root.kind else { return (Vec::new(), Vec::new()) };
    let nested = entries.iter().filter_map(|(_, node)| match &node.kind {
        Kind::Mapping(entries) => Some(entries.iter().filter_map(name)),
        _ => None,
    });
    (entries.iter().filter_map(name).collect(), nested.flatten().collect())
}

fn name((key, _): &(Node, Node)) -> Option<&str> {
    match &key.kind {
        Kind::Text(name) => Some(name.trim_start_matches(':')),
        _ => None,
    }
}
