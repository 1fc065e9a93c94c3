//! Recurring jobs within `sidekiq.yml`, as `sidekiq-scheduler` reads them.

use jobs_core::{RecurringTask, Registry, Schedule};

use crate::fields::entries;
use crate::node::{Kind, Node};
use crate::reading::Reading;
use crate::ruby::recurring::{arguments, needed, present, queue, text};
use crate::ruby::settings::{Entry, Keys, Settings};

const ONCE: &str = "it is not a job that recurs; enqueue it in the code with `.wait(..)`";

const SCHEDULER: Keys = Keys {
    what: "the scheduler",
    read: &["schedule", "enabled"],
    told: &[
        ("dynamic", "jobs that recur are those of the code and of the configuration"),
        ("dynamic_every", "jobs that recur are those of the code and of the configuration"),
        ("listened_queues_only", "each process schedules all jobs that recur"),
        ("rufus_scheduler_options", "a schedule names its zone itself, as `0 5 * * * Europe/Berlin`"),
    ],
};

const TASK: Keys = Keys {
    what: "a scheduled job",
    read: &["cron", "every", "class", "queue", "args", "description", "enabled"],
    told: &[
        ("at", ONCE),
        ("in", ONCE),
        ("interval", "write `every` or `cron`"),
        ("persist", "all jobs are stored"),
        ("include_metadata", "the job finds its time in its context"),
    ],
};

/// The tasks below `scheduler`, if it is switched on.
pub(crate) fn scheduler(reading: &mut Reading<'_>, node: &Node, registry: Option<&Registry>) -> Vec<RecurringTask> {
    let settings = Settings::read(reading, &SCHEDULER, node);
    match settings.find("schedule") {
        Some(node) if is_on(&settings) => schedule(reading, node, registry),
        _ => Vec::new(),
    }
}

/// The tasks of a mapping from names to scheduled jobs.
pub(crate) fn schedule(reading: &mut Reading<'_>, node: &Node, registry: Option<&Registry>) -> Vec<RecurringTask> {
    let Some(entries) = entries(reading, node) else {
        reading.wrong("schedule", "a mapping from names to scheduled jobs", node, "");
        return Vec::new();
    };
    entries.into_iter().filter_map(|entry| task(reading, &entry, registry)).collect()
}

fn is_on(settings: &Settings<'_>) -> bool {
    !settings.find("enabled").is_some_and(|node| matches!(node.kind, Kind::Bool(false)))
}

fn task(reading: &mut Reading<'_>, entry: &Entry<'_>, registry: Option<&Registry>) -> Option<RecurringTask> {
    let (key, name, node) = entry;
    let settings = Settings::read(reading, &TASK, node);
    // Both are read before one of them may end it, so that what is wrong with either is said.
    let class = match settings.find("class") {
        // It goes by its name then.
        None => Some(name.clone()),
        Some(_) => needed(reading, &settings, "class", key, name).map(|(_, class)| class),
    };
    let words = words(reading, &settings, key, name);
    let arguments = settings.find("args").map(|node| arguments(reading, node));
    let queue = settings.find("queue").map(|node| queue(reading, node));
    let description = settings.find("description").map(|node| text(reading, "description", node));
    let mut task = present(RecurringTask::new(name, class?, words?), registry);
    task.arguments = arguments.unwrap_or_else(|| Some(task.arguments.clone()))?;
    task.queue = queue.map_or(Some(None), |queue| queue.map(Some))?;
    task.description = description.map_or(Some(None), |words| words.map(Some))?;
    is_on(&settings).then_some(task)
}

/// `cron: "0 5 * * *"`, `every: 5m`, or `every: [5m, { first_in: 0s }]`.
fn words(reading: &mut Reading<'_>, settings: &Settings<'_>, key: &Node, name: &str) -> Option<String> {
    let (node, words) = match (settings.find("cron"), settings.find("every")) {
        (Some(node), _) => (node, text(reading, "cron", node)?),
        (None, Some(node)) => (node, format!("every {}", text(reading, "every", first(node))?)),
        // That is told already.
        (None, None) if settings.find("at").or(settings.find("in")).is_some() => return None,
        (None, None) => {
            reading.fault(key.place, format!("the scheduled job `{name}` has neither `cron` nor `every`"));
            return None;
        }
    };
    let read = Schedule::parse(&words, None);
    read.map_err(|error| reading.fault(node.place, error.to_string())).ok().map(|_| words)
}

fn first(node: &Node) -> &Node {
    match &node.kind {
        Kind::List(list) => list.first().unwrap_or(node),
        _ => node,
    }
}
