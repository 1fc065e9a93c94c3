//! `config/queue.yml` of Solid Queue.

use std::time::Duration;

use jobs_runtime::Worker;

use crate::Config;
use crate::node::{Kind, Node};
use crate::reading::Reading;
use crate::ruby::sections::{Outside, choose};
use crate::ruby::settings::{Entry, Keys, Settings};
use crate::ruby::{number, served};

/// The keys of an environment.
pub(crate) const KEYS: Keys = Keys {
    what: "an environment of Solid Queue",
    read: &["workers", "dispatchers"],
    told: &[(
        "scheduler",
        "recurring jobs are those of the code and of the configuration, and each process schedules them",
    )],
};

const WORKER: Keys =
    Keys { what: "a worker", read: &["queues", "threads", "processes", "polling_interval"], told: &[] };

const MAINTENANCE: &str = "jobs that wait for others are looked after with each dispatch";

const DISPATCHER: Keys = Keys {
    what: "a dispatcher",
    read: &["polling_interval", "batch_size"],
    told: &[("concurrency_maintenance", MAINTENANCE), ("concurrency_maintenance_interval", MAINTENANCE)],
};

/// Solid Queue's.
const THREADS: u32 = 3;

/// More places than this are a slip of the finger.
pub(crate) const MOST_THREADS: u32 = 65_535;

pub(crate) fn read(reading: &mut Reading<'_>, root: &Node, environment: &str) -> Config {
    let sections = choose(reading, root, &KEYS, Outside::Nowhere, environment);
    let config = section(reading, sections.chosen);
    let lookup = reading.lookup.take();
    for node in sections.others {
        let entries = crate::fields::entries(reading, node).unwrap_or_default();
        section(reading, entries);
    }
    reading.lookup = lookup;
    config
}

fn section(reading: &mut Reading<'_>, entries: Vec<Entry<'_>>) -> Config {
    let mut config = Config::default();
    let settings = Settings::of(reading, &KEYS, entries);
    match (settings.find("workers"), settings.find("dispatchers")) {
        (Some(node), _) => workers(reading, node, &mut config),
        // Another section may only hold parts for others.
        (None, Some(node)) if reading.lookup.is_some() => only_dispatching(reading, node),
        (None, Some(_)) => {}
        // As Solid Queue without any file.
        (None, None) => config.workers = vec![Worker::new(["*"]).threads(places(THREADS))],
    }
    if let Some(node) = settings.find("dispatchers") {
        dispatchers(reading, node, &mut config);
    }
    config
}

fn only_dispatching(reading: &mut Reading<'_>, node: &Node) {
    let words = "there are no `workers`, so that this process would only dispatch; each process does that besides \
                 its work: give it `workers`, or do not start it";
    reading.fault(node.place, words);
}

fn workers(reading: &mut Reading<'_>, node: &Node, config: &mut Config) {
    let list = match &node.kind {
        Kind::List(list) if !list.is_empty() => list,
        Kind::List(_) => return only_dispatching(reading, node),
        _ => return reading.wrong("workers", "a list", node, "; write `- queues: [critical, mail]` for each"),
    };
    let mut poll = None::<Duration>;
    for node in list {
        let settings = Settings::read(reading, &WORKER, node);
        if let Some(interval) = settings.find("polling_interval") {
            let read = number::interval(reading, "polling_interval", interval);
            poll = read.map(|read| poll.map_or(read, |poll| poll.min(read))).or(poll);
        }
        config.workers.extend(worker(reading, &settings));
    }
    // All workers of a process look equally often.
    config.poll_interval = poll.unwrap_or(config.poll_interval);
}

fn worker(reading: &mut Reading<'_>, settings: &Settings<'_>) -> Option<Worker> {
    // All are read before one of them may end it, so that what is wrong with either is said.
    let queues = settings.find("queues").map_or_else(|| Some(vec!["*".to_owned()]), |node| queues(reading, node));
    let read = |reading: &mut Reading<'_>, key: &str, usual| {
        settings.find(key).map_or(Some(usual), |node| number::count(reading, key, node, 1..=MOST_THREADS))
    };
    let threads = read(reading, "threads", THREADS);
    let processes = read(reading, "processes", 1);
    let places_in_all = in_one(reading, settings, threads?, processes?)?;
    Some(Worker::new(queues?).threads(places(places_in_all)))
}

/// Ruby needs processes to use several cores; here one process uses them all.
fn in_one(reading: &mut Reading<'_>, settings: &Settings<'_>, threads: u32, processes: u32) -> Option<u32> {
    let node = match settings.find("processes") {
        Some(node) if processes > 1 => node,
        _ => return Some(threads),
    };
    let product = threads.saturating_mul(processes);
    if product > MOST_THREADS {
        let words = format!("{processes} `processes` of {threads} `threads` are more than {MOST_THREADS} places");
        reading.fault(node.place, words);
        return None;
    }
    let words = format!(
        "{processes} `processes` of {threads} `threads` are one worker with {product} places: one process uses all \
         cores; start the program several times for several processes"
    );
    reading.warn(node.place, words);
    Some(product)
}

fn queues(reading: &mut Reading<'_>, node: &Node) -> Option<Vec<String>> {
    let list = match &node.kind {
        // As in Solid Queue.
        Kind::List(list) if list.is_empty() => return Some(vec!["*".to_owned()]),
        Kind::List(list) => list.iter().collect(),
        _ => vec![node],
    };
    let names: Vec<_> = list
        .into_iter()
        .map(|node| served::name(reading, node).and_then(|name| served::selector(reading, node, &name)))
        .collect();
    let mut queues = Vec::new();
    for name in names {
        let name = name?;
        if !queues.contains(&name) {
            queues.push(name);
        }
    }
    Some(queues)
}

fn dispatchers(reading: &mut Reading<'_>, node: &Node, config: &mut Config) {
    let Kind::List(list) = &node.kind else {
        return reading.wrong("dispatchers", "a list", node, "; write `- polling_interval: 1` for each");
    };
    if list.len() != 1 {
        let words =
            "each process dispatches once; of several dispatchers the shortest interval and the largest batch hold";
        reading.warn(node.place, words);
    }
    let (mut interval, mut batch) = (None::<Duration>, None::<u32>);
    for node in list {
        let settings = Settings::read(reading, &DISPATCHER, node);
        let read =
            settings.find("polling_interval").and_then(|node| number::interval(reading, "polling_interval", node));
        interval = read.map(|read| interval.map_or(read, |least| least.min(read))).or(interval);
        let read =
            settings.find("batch_size").and_then(|node| number::count(reading, "batch_size", node, 1..=u32::MAX));
        batch = batch.max(read);
    }
    config.dispatch_interval = interval.unwrap_or(config.dispatch_interval);
    config.dispatch_batch = batch.and_then(|batch| usize::try_from(batch).ok()).unwrap_or(config.dispatch_batch);
}

/// So many as a worker counts them.
pub(crate) fn places(count: u32) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}
