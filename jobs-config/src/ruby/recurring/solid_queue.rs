//! Reads the `config/recurring.yml` of Solid Queue.

use jobs_core::{RecurringTask, Registry, Schedule, check_queue_name};

use crate::document::{Diagnostics, Entry, Kind, Node, entries, json};
use crate::ruby::job_name::job_name;
use crate::ruby::settings::{Keys, Settings};
use crate::ruby::{number, resolve};

const TASK: Keys = Keys {
    what: "a recurring task",
    read: &["class", "command", "args", "schedule", "queue", "priority", "description"],
    ignored: &[("static", "the tasks of a file are declared again at each start")],
};

/// The command in the file that Rails generates. Here it is not needed.
const CLEAR_FINISHED: &str = "SolidQueue::Job.clear_finished_in_batches";

/// The tasks of `environment`. As in Solid Queue, a file without a section for it has no tasks.
pub(crate) fn read(
    diagnostics: &mut Diagnostics<'_>,
    root: &Node,
    environment: &str,
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
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
    let is_of_task = |name: &str| ["class", "command", "schedule"].contains(&name.trim_start_matches(':'));
    entries.iter().any(|(key, value)| {
        matches!(&key.kind, Kind::Text(name) if is_of_task(name)) && !matches!(value.kind, Kind::Mapping(_))
    })
}

fn tasks(
    diagnostics: &mut Diagnostics<'_>,
    entries: Vec<Entry<'_>>,
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
    entries.into_iter().filter_map(|(key, name, node)| task(diagnostics, key, &name, node, registry)).collect()
}

fn task(
    diagnostics: &mut Diagnostics<'_>,
    key: &Node,
    name: &str,
    node: &Node,
    registry: Option<&Registry>,
) -> Option<RecurringTask> {
    let settings = Settings::read(diagnostics, &TASK, node);
    if let Some(node) = settings.find("command") {
        command(diagnostics, node);
        return None;
    }
    // All keys are read before an early return, so that all mistakes are reported.
    let class = required_text(diagnostics, &settings, "class", key, name);
    let schedule = required_text(diagnostics, &settings, "schedule", key, name).and_then(|(node, text)| {
        let read = Schedule::parse(&text, None).map_err(|error| diagnostics.error(node.location, error.to_string()));
        read.is_ok().then_some(text)
    });
    let arguments = settings.find("args").map(|node| arguments(diagnostics, node));
    let queue = settings.find("queue").map(|node| queue(diagnostics, node));
    let priority = settings.find("priority").map(|node| priority(diagnostics, node));
    let description = settings.find("description").map(|node| text(diagnostics, "description", node));
    let (_, class) = class?;
    let mut task = resolve_job(RecurringTask::new(name, class, schedule?), registry);
    task.arguments = arguments.unwrap_or_else(|| Some(task.arguments.clone()))?;
    task.queue = queue.map_or(Some(None), |queue| queue.map(Some))?;
    task.priority = priority.map_or(Some(None), |priority| priority.map(Some))?;
    task.description = description.map_or(Some(None), |text| text.map(Some))?;
    if let Err(error) = task.check() {
        diagnostics.error(key.location, error.to_string());
        return None;
    }
    Some(task)
}

/// Replaces the class of a task by the name of its job, and sets the current version of that job.
pub(crate) fn resolve_job(mut task: RecurringTask, registry: Option<&Registry>) -> RecurringTask {
    task.job = job_name(&task.job, registry);
    if let Some(registered) = registry.and_then(|registry| registry.get(&task.job)) {
        task.version = registered.definition.settings().version;
    }
    task
}

/// The text of a required key.
pub(crate) fn required_text<'n>(
    diagnostics: &mut Diagnostics<'_>,
    settings: &Settings<'n>,
    what: &str,
    key: &Node,
    name: &str,
) -> Option<(&'n Node, String)> {
    let Some(node) = settings.find(what) else {
        diagnostics.error(key.location, format!("the recurring task `{name}` has no `{what}`"));
        return None;
    };
    text(diagnostics, what, node).map(|text| (node, text))
}

fn command(diagnostics: &mut Diagnostics<'_>, node: &Node) {
    let text = text(diagnostics, "command", node).unwrap_or_default();
    if text.trim_start().starts_with(CLEAR_FINISHED) {
        let message = "this is not read: finished jobs are deleted automatically after `keep_finished`, a day";
        diagnostics.warn(node.location, message);
    } else {
        let message = "`command` is Ruby, which is not run here: write a job that does it, and name it with `class`";
        diagnostics.error(node.location, message);
    }
}

pub(crate) fn text(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<String> {
    let Kind::Text(text) = &node.kind else {
        diagnostics.mismatch(key, "text", node, "");
        return None;
    };
    Some(resolve::unescape(text))
}

/// The arguments: a list by position, a mapping by name, or another value as the only argument.
pub(crate) fn arguments(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<String> {
    let value = json(diagnostics, node, |_, _, text| Some(resolve::unescape(text)))?;
    let value = if value.is_array() || value.is_object() { value } else { serde_json::Value::from(vec![value]) };
    Some(value.to_string())
}

pub(crate) fn queue(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<String> {
    let name = text(diagnostics, "queue", node)?;
    let checked = check_queue_name(&name);
    checked.map_err(|error| diagnostics.error(node.location, error.to_string())).ok().map(|()| name)
}

/// The priority. In Rails smaller numbers run first, here larger ones, so the number is negated.
fn priority(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<i32> {
    number::signed(diagnostics, "priority", node).and_then(i32::checked_neg)
}
