//! Reads the recurring jobs of an environment: its key `recurring`.

use jobs_core::{MissedTicks, RecurringTask, Schedule, check_queue_name};

use crate::document::{Diagnostics, Kind, Node, entries, json};
use crate::jobs_yml::fields::Fields;
use crate::jobs_yml::value;

const KEYS: [&str; 11] = [
    "job",
    "schedule",
    "cron",
    "every",
    "zone",
    "arguments",
    "queue",
    "priority",
    "missed",
    "description",
    "expires_in",
];

/// The keys for the schedule, of which a task has exactly one.
const SCHEDULE: [&str; 3] = ["schedule", "cron", "every"];

/// The tasks of an environment in the order of the file.
pub(crate) fn tasks(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Vec<RecurringTask> {
    if matches!(node.kind, Kind::Empty) {
        return Vec::new();
    }
    let Some(entries) = entries(diagnostics, node) else {
        let advice = "; write `nightly: { job: clean_up, schedule: 0 2 * * * }` for each";
        diagnostics.mismatch("recurring", "a mapping from keys to tasks", node, advice);
        return Vec::new();
    };
    entries.into_iter().filter_map(|(key, name, node)| task(diagnostics, key, &name, node)).collect()
}

fn task(diagnostics: &mut Diagnostics<'_>, key: &Node, name: &str, node: &Node) -> Option<RecurringTask> {
    let fields = Fields::of(diagnostics, "a recurring task", &KEYS, node);
    if !matches!(node.kind, Kind::Mapping(_) | Kind::Empty) {
        return None;
    }
    let job = fields.find("job").map(|node| value::text(diagnostics, "job", node));
    let zone = fields.find("zone").map(|node| zone(diagnostics, node));
    let schedule = schedule(diagnostics, &fields, node, zone.as_ref().and_then(Option::as_deref));
    let mut task = RecurringTask::new(name, "", "");
    options(diagnostics, &fields, &mut task);
    let Some(job) = job else {
        let advice = "write the name under which the job is stored";
        diagnostics.error(node.location, format!("the recurring task `{name}` has no `job`: {advice}"));
        return None;
    };
    task.job = job?;
    task.schedule = schedule?;
    task.zone = zone.map_or(Some(None), |zone| zone.map(Some))?;
    if let Err(error) = task.check() {
        diagnostics.error(key.location, error.to_string());
        return None;
    }
    Some(task)
}

/// The time zone of a task. It is checked by itself, so that a mistake in the schedule does not hide one in the zone.
fn zone(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<String> {
    let zone = value::text(diagnostics, "zone", node)?;
    let checked = Schedule::check_zone(&zone).map_err(|error| diagnostics.error(node.location, error.to_string()));
    checked.ok().map(|()| zone)
}

/// The schedule of a task.
fn schedule(diagnostics: &mut Diagnostics<'_>, fields: &Fields<'_>, task: &Node, zone: Option<&str>) -> Option<String> {
    let given: Vec<_> = SCHEDULE.into_iter().filter_map(|key| fields.find(key).map(|node| (key, node))).collect();
    let [(key, node)] = given.as_slice() else {
        let message =
            "a recurring task has exactly one of `schedule: every day at 5am`, `cron: 0 5 * * *` and `every: 5m`";
        diagnostics.error(task.location, message);
        return None;
    };
    let text = value::text(diagnostics, key, node)?;
    let text = if *key == "every" { format!("every {text}") } else { text };
    match Schedule::parse(&text, zone) {
        Ok(_) => Some(text),
        Err(error) => {
            diagnostics.error(node.location, error.to_string());
            None
        }
    }
}

fn options(diagnostics: &mut Diagnostics<'_>, fields: &Fields<'_>, task: &mut RecurringTask) {
    if let Some(node) = fields.find("arguments") {
        task.arguments = arguments(diagnostics, node).unwrap_or_default();
    }
    task.queue = fields.find("queue").and_then(|node| queue(diagnostics, node));
    task.priority = fields.find("priority").and_then(|node| priority(diagnostics, node));
    if let Some(node) = fields.find("missed") {
        task.missed = missed(diagnostics, node).unwrap_or_default();
    }
    task.expires_in = fields.find("expires_in").and_then(|node| value::interval(diagnostics, "expires_in", node));
    task.description = fields.find("description").and_then(|node| value::text(diagnostics, "description", node));
}

fn arguments(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<String> {
    if !matches!(node.kind, Kind::Mapping(_)) {
        // The value is not shown, since it may be an argument that the job redacts.
        diagnostics
            .error(node.location, "`arguments` is a mapping with the arguments of the job by name: `{ order: 7 }`");
        return None;
    }
    json(diagnostics, node, expanded).map(|arguments| arguments.to_string())
}

fn expanded(diagnostics: &mut Diagnostics<'_>, node: &Node, text: &str) -> Option<String> {
    diagnostics.expand(node, text)
}

fn queue(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<String> {
    let queue = value::text(diagnostics, "queue", node)?;
    if let Err(error) = check_queue_name(&queue) {
        diagnostics.error(node.location, error.to_string());
        return None;
    }
    Some(queue)
}

fn priority(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<i32> {
    let number = if let Kind::Whole(number) = node.kind { i32::try_from(number).ok() } else { None };
    if number.is_none() {
        diagnostics.mismatch("priority", "a whole number; the higher one runs first", node, "");
    }
    number
}

/// `skip`, `once`, or `all(24)`.
fn missed(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<MissedTicks> {
    let text = value::text(diagnostics, "missed", node)?;
    match text.parse() {
        Ok(missed) => Some(missed),
        Err(error) => {
            let error: jobs_core::Error = error;
            diagnostics.error(node.location, error.to_string());
            None
        }
    }
}
