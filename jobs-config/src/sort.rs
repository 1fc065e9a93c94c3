//! Which sort of file a configuration is: ours, or one of a Ruby project.

use std::path::Path;

use crate::node::{Kind, Node};
use crate::ruby;

/// A sort of configuration, by the name of the file, else by what stands in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// `config/jobs.yml`.
    Jobs,
    /// `config/queue.yml` of Solid Queue.
    SolidQueue,
    /// `config/sidekiq.yml`.
    Sidekiq,
    /// `config/recurring.yml` of Solid Queue, which is no layout.
    Recurring,
}

impl Sort {
    pub(crate) fn of(file: &str, text: &str) -> Self {
        Self::by_name(file).unwrap_or_else(|| ruby::outline(text).map_or(Self::Jobs, |root| Self::by_keys(&root)))
    }

    fn by_name(file: &str) -> Option<Self> {
        let name = Path::new(file).file_name()?.to_string_lossy().to_lowercase();
        let name = name.strip_suffix(".erb").unwrap_or(&name);
        let stem = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")).unwrap_or(name);
        match stem {
            "jobs" => Some(Self::Jobs),
            "queue" => Some(Self::SolidQueue),
            "recurring" => Some(Self::Recurring),
            _ if stem.contains("sidekiq") => Some(Self::Sidekiq),
            _ if stem.contains("solid_queue") => Some(Self::SolidQueue),
            _ => None,
        }
    }

    /// By keys that only one of them has, in the file or in its sections.
    fn by_keys(root: &Node) -> Self {
        let (outside, within) = keys(root);
        let has = |names: &[&str]| outside.iter().chain(&within).any(|key| names.contains(key));
        if has(&["concurrency", "capsules", "max_retries", "timeout"]) {
            Self::Sidekiq
        } else if has(&["dispatchers"]) || outside.contains(&"workers") {
            Self::SolidQueue
        } else if outside.contains(&"queues") {
            Self::Sidekiq
        } else {
            Self::Jobs
        }
    }

    /// The variables that choose the environment where `JOBS_ENV` does not, the first before the second.
    pub(crate) const fn variables(self) -> &'static [&'static str] {
        match self {
            Self::Jobs | Self::Recurring => &[],
            Self::SolidQueue => &["RAILS_ENV", "RACK_ENV"],
            Self::Sidekiq => &["APP_ENV", "RAILS_ENV", "RACK_ENV"],
        }
    }
}

/// The keys of the file, and those of the mappings in it.
fn keys(root: &Node) -> (Vec<&str>, Vec<&str>) {
    let Kind::Mapping(entries) = &root.kind else { return (Vec::new(), Vec::new()) };
    let within = entries.iter().filter_map(|(_, node)| match &node.kind {
        Kind::Mapping(entries) => Some(entries.iter().filter_map(name)),
        _ => None,
    });
    (entries.iter().filter_map(name).collect(), within.flatten().collect())
}

fn name((key, _): &(Node, Node)) -> Option<&str> {
    match &key.kind {
        Kind::Text(name) => Some(name.trim_start_matches(':')),
        _ => None,
    }
}
