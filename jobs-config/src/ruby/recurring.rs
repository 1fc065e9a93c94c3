//! `config/recurring.yml` of Solid Queue.

use jobs_core::{RecurringTask, Registry, Schedule, check_queue_name};

use crate::fields::entries;
use crate::json::json;
use crate::node::{Kind, Node};
use crate::reading::Reading;
use crate::ruby::class::job_of;

use crate::ruby::number;
use crate::ruby::settings::{Entry, Keys, Settings};

const TASK: Keys = Keys {
    what: "a recurring task",
    read: &["class", "command", "args", "schedule", "queue", "priority", "description"],
    told: &[("static", "tasks of a file are declared anew at each start")],
};

/// What the generated file has Solid Queue do, and what is done here anyway.
const CLEANING: &str = "SolidQueue::Job.clear_finished_in_batches";

/// The tasks of `environment`; none if the file has none for it, as in Solid Queue.
pub(crate) fn read(
    reading: &mut Reading<'_>,
    root: &Node,
    environment: &str,
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
    let all = all(reading, root);
    let is_own = |(_, name, _): &Entry<'_>| name == environment;
    let (chosen, others): (Vec<_>, Vec<_>) = if let Some((_, _, node)) = all.iter().find(|entry| is_own(entry)) {
        let own = entries(reading, node).unwrap_or_default();
        (own, all.iter().filter(|entry| !is_own(entry)).map(|(_, _, node)| *node).collect())
    } else {
        let (tasks, sections): (Vec<_>, Vec<_>) = all.into_iter().partition(|(_, _, node)| is_task(node));
        (tasks, sections.into_iter().map(|(_, _, node)| node).collect())
    };
    let tasks = tasks(reading, chosen, registry);
    let counts = reading.lookup.take();
    for node in others {
        let entries = entries(reading, node).unwrap_or_default().into_iter();
        let found = entries.filter(|(_, _, node)| is_task(node)).collect();
        self::tasks(reading, found, registry);
    }
    reading.lookup = counts;
    tasks
}

fn all<'n>(reading: &mut Reading<'_>, root: &'n Node) -> Vec<Entry<'n>> {
    let found = entries(reading, root);
    if found.is_none() && !matches!(root.kind, Kind::Empty) {
        let shown = reading.shown(root);
        reading.fault(root.place, format!("the file is a mapping of recurring tasks, and this is {shown}"));
    }
    let mut found = found.unwrap_or_default();
    found.retain(|(_, name, _)| !name.starts_with("x-") && !name.starts_with('.'));
    found
}

/// Whether it can only be a task, and not a section with tasks.
fn is_task(node: &Node) -> bool {
    let Kind::Mapping(entries) = &node.kind else { return false };
    let is_of_task = |name: &str| ["class", "command", "schedule"].contains(&name.trim_start_matches(':'));
    entries.iter().any(|(key, value)| {
        matches!(&key.kind, Kind::Text(name) if is_of_task(name)) && !matches!(value.kind, Kind::Mapping(_))
    })
}

fn tasks(reading: &mut Reading<'_>, entries: Vec<Entry<'_>>, registry: Option<&Registry>) -> Vec<RecurringTask> {
    entries.into_iter().filter_map(|(key, name, node)| task(reading, key, &name, node, registry)).collect()
}

fn task(
    reading: &mut Reading<'_>,
    key: &Node,
    name: &str,
    node: &Node,
    registry: Option<&Registry>,
) -> Option<RecurringTask> {
    let settings = Settings::read(reading, &TASK, node);
    if let Some(node) = settings.find("command") {
        command(reading, node);
        return None;
    }
    // All are read before one of them may end it, so that what is wrong with each is said.
    let class = needed(reading, &settings, "class", key, name);
    let schedule = needed(reading, &settings, "schedule", key, name).and_then(|(node, words)| {
        let read = Schedule::parse(&words, None).map_err(|error| reading.fault(node.place, error.to_string()));
        read.is_ok().then_some(words)
    });
    let arguments = settings.find("args").map(|node| arguments(reading, node));
    let queue = settings.find("queue").map(|node| queue(reading, node));
    let priority = settings.find("priority").map(|node| priority(reading, node));
    let description = settings.find("description").map(|node| text(reading, "description", node));
    let (_, class) = class?;
    let mut task = present(RecurringTask::new(name, class, schedule?), registry);
    task.arguments = arguments.unwrap_or_else(|| Some(task.arguments.clone()))?;
    task.queue = queue.map_or(Some(None), |queue| queue.map(Some))?;
    task.priority = priority.map_or(Some(None), |priority| priority.map(Some))?;
    task.description = description.map_or(Some(None), |words| words.map(Some))?;
    if let Err(error) = task.check() {
        reading.fault(key.place, error.to_string());
        return None;
    }
    Some(task)
}

/// The task with the job that its class is, and with that job's present version: what stands in a file is written for it.
pub(crate) fn present(mut task: RecurringTask, registry: Option<&Registry>) -> RecurringTask {
    task.job = job_of(&task.job, registry);
    if let Some(registered) = registry.and_then(|registry| registry.find(&task.job)) {
        task.version = registered.definition.settings().version;
    }
    task
}

/// The text of a key that each task has.
pub(crate) fn needed<'n>(
    reading: &mut Reading<'_>,
    settings: &Settings<'n>,
    what: &str,
    key: &Node,
    name: &str,
) -> Option<(&'n Node, String)> {
    let Some(node) = settings.find(what) else {
        reading.fault(key.place, format!("the recurring task `{name}` has no `{what}`"));
        return None;
    };
    text(reading, what, node).map(|words| (node, words))
}

fn command(reading: &mut Reading<'_>, node: &Node) {
    let words = text(reading, "command", node).unwrap_or_default();
    if words.trim_start().starts_with(CLEANING) {
        let words = "this is not read: finished jobs are forgotten by themselves after `keep_finished`, a day";
        reading.warn(node.place, words);
    } else {
        let words = "`command` is Ruby, which is not run here: write a job that does it, and name it with `class`";
        reading.fault(node.place, words);
    }
}

pub(crate) fn text(reading: &mut Reading<'_>, key: &str, node: &Node) -> Option<String> {
    let Kind::Text(text) = &node.kind else {
        reading.wrong(key, "text", node, "");
        return None;
    };
    Some(text.replace("$${", "${"))
}

/// A list is positional, a mapping by name; anything else is the only argument.
pub(crate) fn arguments(reading: &mut Reading<'_>, node: &Node) -> Option<String> {
    let value = json(reading, node, |_, _, text| Some(text.replace("$${", "${")))?;
    let value = if value.is_array() || value.is_object() { value } else { serde_json::Value::from(vec![value]) };
    Some(value.to_string())
}

pub(crate) fn queue(reading: &mut Reading<'_>, node: &Node) -> Option<String> {
    let name = text(reading, "queue", node)?;
    let checked = check_queue_name(&name);
    checked.map_err(|error| reading.fault(node.place, error.to_string())).ok().map(|()| name)
}

/// In Rails smaller numbers come first, and here larger ones do.
fn priority(reading: &mut Reading<'_>, node: &Node) -> Option<i32> {
    number::integer(reading, "priority", node).and_then(i32::checked_neg)
}
