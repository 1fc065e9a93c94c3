//! Reads a recurring job of the gems `sidekiq-cron` and `sidekiq-scheduler`, in a `sidekiq.yml` or in a file of its own.

use jobs_core::{RecurringTask, Registry};
use jobs_syntax::schedule::{RubySchedule, read_ruby_interval};

use crate::document::{Diagnostics, Kind, Node, entries, quoted};
use crate::ruby::recurring::has_key;
use crate::ruby::recurring::values::{TaskNode, checked, cron_schedule, text};
use crate::ruby::settings::{Keys, Settings};

/// The keys of a job that runs once, and what to do instead.
const ONCE: [(&str, &str); 2] = [
    ("at", "remove it, and enqueue the job in the code, with `.wait_until(..)`"),
    ("in", "remove it, and enqueue the job in the code, where the program starts, with `.wait(..)`"),
];

/// The options of `rufus-scheduler` that change when a job runs, and what to do instead.
const BOUNDS: [(&[&str], &str); 2] = [
    (
        &["first", "first_at", "first_in"],
        "remove it; for a run when the program starts, enqueue the job there, with `.wait(..)` for a later one",
    ),
    (
        &["last", "last_at", "last_in", "times"],
        "remove it; for an end, let the job itself do nothing after it, or remove the task then",
    ),
];

const FROM_CODE: &str = "recurring jobs come from the code and the configuration";

const OF_QUEUES: &str = "the prefix of all queues is set in the code, with `.naming(..)`";

const SCHEDULER: Keys = Keys {
    what: "the scheduler",
    read: &["schedule", "enabled"],
    ignored: &[
        ("dynamic", FROM_CODE),
        ("dynamic_every", FROM_CODE),
        ("listened_queues_only", "each process schedules all recurring jobs"),
        ("rufus_scheduler_options", "`--zone` or `JOBS_TIME_ZONE` names the time zone of all schedules without one"),
    ],
};

const TASK: Keys = Keys {
    what: "a scheduled job",
    read: &[
        "cron",
        "every",
        "interval",
        "at",
        "in",
        "class",
        "klass",
        "queue",
        "args",
        "description",
        "enabled",
        "status",
        "active_job",
        "name",
        "symbolize_args",
        "expires_in",
    ],
    ignored: &[
        ("persist", "all jobs are stored"),
        ("include_metadata", "the context of the job has the time of its tick, `ctx.tick()`"),
        ("date_as_argument", "the context of the job has the time of its tick, `ctx.tick()`"),
        ("queue_name_prefix", OF_QUEUES),
        ("queue_name_delimiter", OF_QUEUES),
        ("namespace", "all recurring jobs of a store are in one list"),
        ("source", "the tasks of a file are declared again at each start"),
        ("retry", "set the number of attempts at the job, as `retry_on(any, attempts = 26)`"),
    ],
};

/// The tasks under `scheduler`, if it is enabled.
pub(crate) fn scheduler(
    diagnostics: &mut Diagnostics<'_>,
    node: &Node,
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
    let settings = Settings::read(diagnostics, &SCHEDULER, node);
    match settings.find("schedule") {
        Some(node) if is_enabled(&settings) => schedule(diagnostics, node, registry),
        _ => Vec::new(),
    }
}

/// The tasks of a mapping from names to scheduled jobs.
pub(crate) fn schedule(
    diagnostics: &mut Diagnostics<'_>,
    node: &Node,
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
    let Some(entries) = entries(diagnostics, node) else {
        diagnostics.mismatch("schedule", "a mapping from names to scheduled jobs", node, "");
        return Vec::new();
    };
    let tasks = entries.into_iter().filter_map(|(key, name, node)| {
        let node = TaskNode { key, name: &name, node, registry };
        task(diagnostics, &node)
    });
    tasks.collect()
}

/// The tasks of a list whose elements have their names as `name`, which sidekiq-cron reads too.
pub(crate) fn list(
    diagnostics: &mut Diagnostics<'_>,
    list: &[Node],
    registry: Option<&Registry>,
) -> Vec<RecurringTask> {
    let mut tasks = Vec::new();
    for node in list {
        let name = entries(diagnostics, node).into_iter().flatten().find(|(_, key, _)| key == "name");
        let Some(name) = name.and_then(|(_, _, node)| text(diagnostics, "name", node)) else {
            diagnostics.error(node.location, "a scheduled job in a list is a mapping with `name`, `cron` and `class`");
            continue;
        };
        tasks.extend(task(diagnostics, &TaskNode { key: node, name: &name, node, registry }));
    }
    tasks
}

/// Whether the node is a task of these gems, and not one of Solid Queue, whose schedule is under `schedule`.
pub(crate) fn is_task(node: &Node) -> bool {
    has_key(node, &["cron", "every", "interval", "at", "in", "klass"]) && !has_key(node, &["schedule", "command"])
}

pub(crate) fn task(diagnostics: &mut Diagnostics<'_>, task: &TaskNode<'_>) -> Option<RecurringTask> {
    let settings = Settings::read(diagnostics, &TASK, task.node);
    // All keys are read before an early return, so that all mistakes are reported.
    let class = match settings.find("class").or_else(|| settings.find("klass")) {
        // The name of the entry is the class.
        None => Some(task.name.to_owned()),
        Some(node) => text(diagnostics, "class", node),
    };
    let schedule = schedule_of(diagnostics, &settings, task);
    let built = task.build(diagnostics, &settings, class, schedule);
    built.filter(|_| is_enabled(&settings))
}

fn is_enabled(settings: &Settings<'_>) -> bool {
    let is_off = settings.find("enabled").is_some_and(|node| matches!(node.kind, Kind::Bool(false)));
    let is_disabled = |node: &Node| matches!(&node.kind, Kind::Text(status) if status == "disabled");
    !is_off && !settings.find("status").is_some_and(is_disabled)
}

/// The schedule: `cron: "0 5 * * *"`, `every: 5m`, or `every: [5m, { overlap: false }]`.
fn schedule_of(
    diagnostics: &mut Diagnostics<'_>,
    settings: &Settings<'_>,
    task: &TaskNode<'_>,
) -> Option<RubySchedule> {
    if let Some(node) = settings.find("cron") {
        let node = first(diagnostics, node);
        return cron_schedule(diagnostics, "cron", node);
    }
    if let Some(node) = settings.find("every") {
        return interval(diagnostics, "every", node);
    }
    if let Some(node) = settings.find("interval") {
        let message = "`interval` is read as `every`: each time so much has passed since 1970, not since the end of the job \
                       before";
        diagnostics.warn(node.location, message);
        return interval(diagnostics, "interval", node);
    }
    let name = quoted(task.name);
    if let Some((key, node)) = ONCE.iter().find_map(|(key, _)| Some((key, settings.find(key)?))) {
        let advice = ONCE.iter().find(|(once, _)| once == key).map_or("", |(_, advice)| advice);
        diagnostics
            .error(node.location, format!("`{key}` runs {name} once, and here are recurring jobs alone: {advice}"));
        return None;
    }
    diagnostics
        .error(task.key.location, format!("the scheduled job {name} has none of `cron`, `every` and `interval`"));
    None
}

fn interval(diagnostics: &mut Diagnostics<'_>, key: &str, node: &Node) -> Option<RubySchedule> {
    let node = first(diagnostics, node);
    let written = match &node.kind {
        // A number is seconds.
        Kind::Whole(number) => number.to_string(),
        _ => text(diagnostics, key, node)?,
    };
    checked(diagnostics, node, &written, read_ruby_interval(&written))
}

/// The first element of a list, whose others are options of `rufus-scheduler`.
fn first<'n>(diagnostics: &mut Diagnostics<'_>, node: &'n Node) -> &'n Node {
    let Kind::List(list) = &node.kind else { return node };
    for options in list.iter().skip(1) {
        check_options(diagnostics, options);
    }
    list.first().unwrap_or(node)
}

/// Refuses the options that change when the job runs, and warns about the others.
fn check_options(diagnostics: &mut Diagnostics<'_>, options: &Node) {
    let read = entries(diagnostics, options).unwrap_or_default();
    if read.is_empty() {
        diagnostics.warn(options.location, "these options are not read");
    }
    for (key, name, value) in read {
        let refused = BOUNDS.iter().find(|(bounds, _)| bounds.contains(&name.as_str()));
        match refused {
            Some(_) if matches!(value.kind, Kind::Empty) => {}
            Some((_, advice)) => {
                let why = "changes when the job runs, and here the schedule alone says so";
                diagnostics.error(key.location, format!("{} {why}: {advice}", quoted(&name)));
            }
            None => diagnostics.warn(key.location, format!("{} is not read", quoted(&name))),
        }
    }
}
