//! Reads files of recurring jobs: `config/recurring.yml` of Solid Queue, `config/schedule.yml` of sidekiq-cron and
//! sidekiq-scheduler.

mod job_name;
mod sidekiq;
mod solid_queue;
mod values;

use jobs_core::{RecurringTask, Registry};

use crate::document::{Diagnostics, Entry, Kind, Node, entries};
pub(crate) use crate::ruby::recurring::sidekiq::{schedule, scheduler};
use crate::ruby::recurring::values::TaskNode;

/// Keys of which a task has at least one, with a value that is not a mapping.
const OF_TASKS: [&str; 9] = ["class", "klass", "command", "schedule", "cron", "every", "interval", "at", "in"];

/// The tasks of `environment`. As in Solid Queue, a file without a section for it has no tasks.
pub(crate) fn read(
    diagnostics: &mut Diagnostics<'_>,
    root: &Node,
    environment: &str,
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
    if let Kind::List(list) = &root.kind {
        return sidekiq::list(diagnostics, list, registry);
    }
    let all = all(diagnostics, root);
    let is_own = |(_, name, _): &Entry<'_>| name == environment;
    let (chosen, others): (Vec<_>, Vec<_>) = if let Some((_, _, node)) = all.iter().find(|entry| is_own(entry)) {
        let own = entries(diagnostics, node).unwrap_or_default();
        (own, all.iter().filter(|entry| !is_own(entry)).map(|(_, _, node)| *node).collect())
    } else {
        let (tasks, sections): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, _, node)| is_task(node));
        (tasks, sections.into_iter().map(|(_, _, node)| node).collect())
    };
    let tasks = tasks(diagnostics, chosen, registry);
    diagnostics.in_other_sections(|diagnostics| {
        for node in others {
            let entries = entries(diagnostics, node).unwrap_or_default().into_iter();
            let found = entries.filter(|(_, _, node)| is_task(node)).collect();
            self::tasks(diagnostics, found, registry);
        }
    });
    tasks
}

/// Whether this is a file of recurring jobs: a list or a mapping of tasks, outside of sections or in them.
pub(crate) fn is_file_of_tasks(root: &Node) -> bool {
    let nodes = |node: &Node| match &node.kind {
        Kind::List(list) => list.iter().any(is_whole_task),
        Kind::Mapping(entries) => entries.iter().any(|(_, node)| is_whole_task(node)),
        _ => false,
    };
    // `schedule` is a key of `sidekiq.yml`.
    let is_section = |key: &Node| !matches!(&key.kind, Kind::Text(name) if name.trim_start_matches(':') == "schedule");
    nodes(root)
        || matches!(&root.kind, Kind::Mapping(all) if all.iter().any(|(key, node)| is_section(key) && nodes(node)))
}

/// Whether the node has both what runs and when.
fn is_whole_task(node: &Node) -> bool {
    has_key(node, &["class", "klass", "command"]) && has_key(node, &["schedule", "cron", "every", "interval"])
}

/// Whether the node is a mapping with one of these keys, which may be symbols.
fn has_key(node: &Node, names: &[&str]) -> bool {
    let Kind::Mapping(entries) = &node.kind else { return false };
    entries
        .iter()
        .any(|(key, _)| matches!(&key.kind, Kind::Text(name) if names.contains(&name.trim_start_matches(':'))))
}

fn all<'n>(diagnostics: &mut Diagnostics<'_>, root: &'n Node) -> Vec<Entry<'n>> {
    let found = entries(diagnostics, root);
    if found.is_none() && !matches!(root.kind, Kind::Empty) {
        let found = diagnostics.describe(root);
        diagnostics.error(root.location, format!("the file is a mapping of recurring tasks, and this is {found}"));
    }
    let mut found = found.unwrap_or_default();
    found.retain(|(_, name, _)| !name.starts_with("x-") && !name.starts_with('.'));
    found
}

/// Whether the node is a task, and not a section with tasks.
fn is_task(node: &Node) -> bool {
    let Kind::Mapping(entries) = &node.kind else { return false };
    let is_of_task = |name: &str| OF_TASKS.contains(&name.trim_start_matches(':'));
    entries.iter().any(|(key, value)| {
        matches!(&key.kind, Kind::Text(name) if is_of_task(name)) && !matches!(value.kind, Kind::Mapping(_))
    })
}

fn tasks(
    diagnostics: &mut Diagnostics<'_>,
    entries: Vec<Entry<'_>>,
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
    let mut tasks = Vec::new();
    for (key, name, node) in entries {
        match name.as_str() {
            // The keys of a `sidekiq.yml`, in a file of their own.
            "scheduler" if !is_task(node) => tasks.extend(scheduler(diagnostics, node, registry)),
            "schedule" if !is_task(node) => tasks.extend(schedule(diagnostics, node, registry)),
            _ => {
                let task = TaskNode { key, name: &name, node, registry };
                tasks.extend(if sidekiq::is_task(node) {
                    sidekiq::task(diagnostics, &task)
                } else {
                    solid_queue::task(diagnostics, &task)
                });
            }
        }
    }
    tasks
}
