//! Reads the `config/queue.yml` of Solid Queue.

use std::collections::HashSet;
use std::time::Duration;

use jobs_runtime::Worker;

use crate::Config;
use crate::document::{Diagnostics, Entry, Kind, Node, entries};
use crate::ruby::sections::{TopLevel, choose};
use crate::ruby::settings::{Keys, Settings};
use crate::ruby::{number, queue_names};

/// The keys of an environment.
pub(crate) const KEYS: Keys = Keys {
    what: "an environment of Solid Queue",
    read: &["workers", "dispatchers"],
    ignored: &[(
        "scheduler",
        "recurring jobs come from the code and the configuration, and each process schedules them",
    )],
};

const WORKER: Keys =
    Keys { what: "a worker", read: &["queues", "threads", "processes", "polling_interval"], ignored: &[] };

const MAINTENANCE: &str = "jobs that wait for others are checked with each dispatch";

const DISPATCHER: Keys = Keys {
    what: "a dispatcher",
    read: &["polling_interval", "batch_size"],
    ignored: &[("concurrency_maintenance", MAINTENANCE), ("concurrency_maintenance_interval", MAINTENANCE)],
};

/// The default of Solid Queue.
const THREADS: u32 = 3;

/// A larger number is a typing mistake.
pub(crate) const MOST_THREADS: u32 = 65_535;

pub(crate) fn read(diagnostics: &mut Diagnostics<'_>, root: &Node, environment: &str) -> Config {
    let sections = choose(diagnostics, root, &KEYS, TopLevel::Ignored, environment);
    let config = section(diagnostics, sections.chosen);
    diagnostics.in_other_sections(|diagnostics| {
        for node in sections.others {
            let entries = entries(diagnostics, node).unwrap_or_default();
            section(diagnostics, entries);
        }
    });
    config
}

fn section(diagnostics: &mut Diagnostics<'_>, entries: Vec<Entry<'_>>) -> Config {
    let mut config = Config::default();
    let settings = Settings::of(diagnostics, &KEYS, entries);
    match (settings.find("workers"), settings.find("dispatchers")) {
        (Some(node), _) => workers(diagnostics, node, &mut config),
        // Another section may only have parts for others.
        (None, Some(node)) if diagnostics.lookup.is_some() => only_dispatching(diagnostics, node),
        (None, Some(_)) => {}
        // As Solid Queue without any file.
        (None, None) => config.workers = vec![Worker::new(["*"]).concurrency(concurrency(THREADS))],
    }
    if let Some(node) = settings.find("dispatchers") {
        dispatchers(diagnostics, node, &mut config);
    }
    config
}

fn only_dispatching(diagnostics: &mut Diagnostics<'_>, node: &Node) {
    let message = "there are no `workers`, so this process would only dispatch; every process with workers also \
                   dispatches: add `workers`, or do not start this process";
    diagnostics.error(node.location, message);
}

fn workers(diagnostics: &mut Diagnostics<'_>, node: &Node, config: &mut Config) {
    let list = match &node.kind {
        Kind::List(list) if !list.is_empty() => list,
        Kind::List(_) => return only_dispatching(diagnostics, node),
        _ => return diagnostics.mismatch("workers", "a list", node, "; write `- queues: [critical, mail]` for each"),
    };
    let mut poll = None::<Duration>;
    for node in list {
        let settings = Settings::read(diagnostics, &WORKER, node);
        if let Some(interval) = settings.find("polling_interval") {
            let read = number::interval(diagnostics, "polling_interval", interval);
            poll = read.map(|read| poll.map_or(read, |poll| poll.min(read))).or(poll);
        }
        config.workers.extend(worker(diagnostics, &settings));
    }
    // All workers of a process poll at the same interval.
    config.poll_interval = poll.unwrap_or(config.poll_interval);
}

fn worker(diagnostics: &mut Diagnostics<'_>, settings: &Settings<'_>) -> Option<Worker> {
    // All keys are read before an early return, so that all mistakes are reported.
    let queues = settings.find("queues").map_or_else(|| Some(vec!["*".to_owned()]), |node| queues(diagnostics, node));
    let read = |diagnostics: &mut Diagnostics<'_>, key: &str, usual| {
        settings.find(key).map_or(Some(usual), |node| number::integer_in(diagnostics, key, node, 1..=MOST_THREADS))
    };
    let threads = read(diagnostics, "threads", THREADS);
    let processes = read(diagnostics, "processes", 1);
    let total = total_threads(diagnostics, settings, threads?, processes?)?;
    Some(Worker::new(queues?).concurrency(concurrency(total)))
}

/// The threads of all processes of a worker. Ruby needs processes to use several cores; here one process uses all of them.
fn total_threads(
    diagnostics: &mut Diagnostics<'_>,
    settings: &Settings<'_>,
    threads: u32,
    processes: u32,
) -> Option<u32> {
    let node = match settings.find("processes") {
        Some(node) if processes > 1 => node,
        _ => return Some(threads),
    };
    let product = threads.saturating_mul(processes);
    if product > MOST_THREADS {
        let message = format!("{processes} `processes` of {threads} `threads` are more than {MOST_THREADS} threads");
        diagnostics.error(node.location, message);
        return None;
    }
    let message = format!(
        "{processes} `processes` of {threads} `threads` are one worker that runs {product} jobs at once: one process uses \
         all cores; start the program several times for several processes"
    );
    diagnostics.warn(node.location, message);
    Some(product)
}

fn queues(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<Vec<String>> {
    let list = match &node.kind {
        // As in Solid Queue.
        Kind::List(list) if list.is_empty() => return Some(vec!["*".to_owned()]),
        Kind::List(list) => list.iter().collect(),
        _ => vec![node],
    };
    let names: Vec<_> = list
        .into_iter()
        .map(|node| {
            queue_names::text(diagnostics, node).and_then(|name| queue_names::selector(diagnostics, node, &name))
        })
        .collect();
    let mut known = HashSet::new();
    let mut queues = names.into_iter().collect::<Option<Vec<String>>>()?;
    queues.retain(|name| known.insert(name.clone()));
    Some(queues)
}

fn dispatchers(diagnostics: &mut Diagnostics<'_>, node: &Node, config: &mut Config) {
    let Kind::List(list) = &node.kind else {
        return diagnostics.mismatch("dispatchers", "a list", node, "; write `- polling_interval: 1` for each");
    };
    if list.len() != 1 {
        let message =
            "each process has one dispatcher, which takes the shortest interval and the largest batch of these";
        diagnostics.warn(node.location, message);
    }
    let (mut interval, mut batch) = (None::<Duration>, None::<u32>);
    for node in list {
        let settings = Settings::read(diagnostics, &DISPATCHER, node);
        let read =
            settings.find("polling_interval").and_then(|node| number::interval(diagnostics, "polling_interval", node));
        interval = read.map(|read| interval.map_or(read, |least| least.min(read))).or(interval);
        let read = settings
            .find("batch_size")
            .and_then(|node| number::integer_in(diagnostics, "batch_size", node, 1..=u32::MAX));
        batch = batch.max(read);
    }
    config.dispatch_interval = interval.unwrap_or(config.dispatch_interval);
    config.dispatch_batch = batch.and_then(|batch| usize::try_from(batch).ok()).unwrap_or(config.dispatch_batch);
}

/// The number of threads as the concurrency of a worker.
pub(crate) fn concurrency(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
