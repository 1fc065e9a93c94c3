//! Jobs that recur: `recurring` of an environment.

use jobs_core::{Missed, RecurringTask, Schedule, check_queue_name};

use crate::fields::{Fields, entries};
use crate::json::json;
use crate::node::{Kind, Node};
use crate::reading::Reading;
use crate::value;

const KEYS: [&str; 10] =
    ["job", "schedule", "cron", "every", "zone", "arguments", "queue", "priority", "missed", "description"];

/// The keys of which one says when.
const WHEN: [&str; 3] = ["schedule", "cron", "every"];

/// The tasks of an environment in the order of the file.
pub(crate) fn tasks(reading: &mut Reading<'_>, node: &Node) -> Vec<RecurringTask> {
    if matches!(node.kind, Kind::Empty) {
        return Vec::new();
    }
    let Some(entries) = entries(reading, node) else {
        let advice = "; write `nightly: { job: clean_up, schedule: 0 2 * * * }` for each";
        reading.wrong("recurring", "a mapping from keys to tasks", node, advice);
        return Vec::new();
    };
    entries.into_iter().filter_map(|(key, name, node)| task(reading, key, &name, node)).collect()
}

fn task(reading: &mut Reading<'_>, key: &Node, name: &str, node: &Node) -> Option<RecurringTask> {
    let fields = Fields::of(reading, "a recurring task", &KEYS, node);
    if !matches!(node.kind, Kind::Mapping(_) | Kind::Empty) {
        return None;
    }
    let job = fields.find("job").map(|node| value::text(reading, "job", node));
    let zone = fields.find("zone").and_then(|node| value::text(reading, "zone", node));
    let when = when(reading, &fields, node, zone.as_deref());
    let mut task = RecurringTask::new(name, "", "");
    task.zone = zone;
    options(reading, &fields, &mut task);
    let Some(job) = job else {
        let words = format!("the recurring task `{name}` names no `job`: write the name that the job is stored under");
        reading.fault(node.place, words);
        return None;
    };
    task.job = job?;
    task.schedule = when?;
    if let Err(error) = task.check() {
        reading.fault(key.place, error.to_string());
        return None;
    }
    Some(task)
}

/// The words that say when, which one key has to do.
fn when(reading: &mut Reading<'_>, fields: &Fields<'_>, task: &Node, zone: Option<&str>) -> Option<String> {
    let given: Vec<_> = WHEN.into_iter().filter_map(|key| fields.find(key).map(|node| (key, node))).collect();
    let [(key, node)] = given.as_slice() else {
        let words = "a recurring task says once when it is to run: with `schedule: every day at 5am`, `cron: 0 5 * * *` or \
                     `every: 5m`";
        reading.fault(task.place, words);
        return None;
    };
    let words = value::text(reading, key, node)?;
    let words = if *key == "every" { format!("every {words}") } else { words };
    match Schedule::parse(&words, zone) {
        Ok(_) => Some(words),
        Err(error) => {
            reading.fault(node.place, error.to_string());
            None
        }
    }
}

fn options(reading: &mut Reading<'_>, fields: &Fields<'_>, task: &mut RecurringTask) {
    if let Some(node) = fields.find("arguments") {
        task.arguments = arguments(reading, node).unwrap_or_default();
    }
    task.queue = fields.find("queue").and_then(|node| queue(reading, node));
    task.priority = fields.find("priority").and_then(|node| priority(reading, node));
    if let Some(node) = fields.find("missed") {
        task.missed = missed(reading, node).unwrap_or_default();
    }
    task.description = fields.find("description").and_then(|node| value::text(reading, "description", node));
}

fn arguments(reading: &mut Reading<'_>, node: &Node) -> Option<String> {
    if !matches!(node.kind, Kind::Mapping(_)) {
        reading.wrong("arguments", "a mapping with the arguments of the job by name", node, "");
        return None;
    }
    json(reading, node, expanded).map(|arguments| arguments.to_string())
}

fn expanded(reading: &mut Reading<'_>, node: &Node, text: &str) -> Option<String> {
    reading.expand(node, text)
}

fn queue(reading: &mut Reading<'_>, node: &Node) -> Option<String> {
    let queue = value::text(reading, "queue", node)?;
    if let Err(error) = check_queue_name(&queue) {
        reading.fault(node.place, error.to_string());
        return None;
    }
    Some(queue)
}

fn priority(reading: &mut Reading<'_>, node: &Node) -> Option<i32> {
    let number = if let Kind::Whole(number) = node.kind { i32::try_from(number).ok() } else { None };
    if number.is_none() {
        reading.wrong("priority", "a whole number; the higher one runs first", node, "");
    }
    number
}

/// `skip`, `once`, or `all(24)`.
fn missed(reading: &mut Reading<'_>, node: &Node) -> Option<Missed> {
    let words = value::text(reading, "missed", node)?;
    match words.parse() {
        Ok(missed) => Some(missed),
        Err(error) => {
            let error: jobs_core::Error = error;
            reading.fault(node.place, error.to_string());
            None
        }
    }
}
