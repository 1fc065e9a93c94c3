//! Reads the recurring jobs in a `sidekiq.yml`, which the gem `sidekiq-scheduler` defines.

use jobs_core::{RecurringTask, Registry, Schedule};

use crate::document::{Diagnostics, Entry, Kind, Node, entries};
use crate::ruby::recurring::{arguments, queue, required_text, resolve_job, text};
use crate::ruby::settings::{Keys, Settings};

const ONCE: &str = "it is not a recurring job; enqueue it in the code with `.wait(..)`";

const FROM_CODE: &str = "recurring jobs come from the code and the configuration";

const SCHEDULER: Keys = Keys {
    what: "the scheduler",
    read: &["schedule", "enabled"],
    ignored: &[
        ("dynamic", FROM_CODE),
        ("dynamic_every", FROM_CODE),
        ("listened_queues_only", "each process schedules all recurring jobs"),
        ("rufus_scheduler_options", "a schedule names its zone itself, as `0 5 * * * Europe/Berlin`"),
    ],
};

const TASK: Keys = Keys {
    what: "a scheduled job",
    read: &["cron", "every", "class", "queue", "args", "description", "enabled"],
    ignored: &[
        ("at", ONCE),
        ("in", ONCE),
        ("interval", "write `every` or `cron`"),
        ("persist", "all jobs are stored"),
        ("include_metadata", "the context of the job has the time"),
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
    entries.into_iter().filter_map(|entry| task(diagnostics, &entry, registry)).collect()
}

fn is_enabled(settings: &Settings<'_>) -> bool {
    !settings.find("enabled").is_some_and(|node| matches!(node.kind, Kind::Bool(false)))
}

fn task(diagnostics: &mut Diagnostics<'_>, entry: &Entry<'_>, registry: Option<&Registry>) -> Option<RecurringTask> {
    let (key, name, node) = entry;
    let settings = Settings::read(diagnostics, &TASK, node);
    // All keys are read before an early return, so that all mistakes are reported.
    let class = match settings.find("class") {
        // The name of the entry is the class.
        None => Some(name.clone()),
        Some(_) => required_text(diagnostics, &settings, "class", key, name).map(|(_, class)| class),
    };
    let when = schedule_text(diagnostics, &settings, key, name);
    let arguments = settings.find("args").map(|node| arguments(diagnostics, node));
    let queue = settings.find("queue").map(|node| queue(diagnostics, node));
    let description = settings.find("description").map(|node| text(diagnostics, "description", node));
    let mut task = resolve_job(RecurringTask::new(name, class?, when?), registry);
    task.arguments = arguments.unwrap_or_else(|| Some(task.arguments.clone()))?;
    task.queue = queue.map_or(Some(None), |queue| queue.map(Some))?;
    task.description = description.map_or(Some(None), |text| text.map(Some))?;
    is_enabled(&settings).then_some(task)
}

/// The schedule: `cron: "0 5 * * *"`, `every: 5m`, or `every: [5m, { first_in: 0s }]`.
fn schedule_text(diagnostics: &mut Diagnostics<'_>, settings: &Settings<'_>, key: &Node, name: &str) -> Option<String> {
    let (node, schedule) = match (settings.find("cron"), settings.find("every")) {
        (Some(node), _) => (node, text(diagnostics, "cron", node)?),
        (None, Some(node)) => (node, format!("every {}", text(diagnostics, "every", first(node))?)),
        // These keys have a warning already.
        (None, None) if settings.find("at").or(settings.find("in")).is_some() => return None,
        (None, None) => {
            diagnostics.error(key.location, format!("the scheduled job `{name}` has neither `cron` nor `every`"));
            return None;
        }
    };
    let read = Schedule::parse(&schedule, None);
    read.map_err(|error| diagnostics.error(node.location, error.to_string())).ok().map(|_| schedule)
}

fn first(node: &Node) -> &Node {
    match &node.kind {
        Kind::List(list) => list.first().unwrap_or(node),
        _ => node,
    }
}
