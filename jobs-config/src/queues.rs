//! Names of queues, and the workers that serve them.

use jobs_core::{QueueSelector, check_queue_name};
use jobs_runtime::{Naming, Worker};

use crate::fields::{Fields, entries};
use crate::node::{Kind, Node};
use crate::reading::Reading;
use crate::value;

const WORKER_KEYS: [&str; 2] = ["queues", "threads"];

/// More places than this are a slip of the finger.
const MOST_THREADS: u32 = 65_535;

/// Prefix, delimiter and map of an environment.
pub(crate) fn naming(reading: &mut Reading<'_>, fields: &Fields<'_>) -> Naming {
    let mut naming = Naming::new();
    if let Some(prefix) = part(reading, fields, "prefix") {
        naming = naming.prefix(prefix);
    }
    if let Some(delimiter) = part(reading, fields, "delimiter") {
        naming = naming.delimiter(delimiter);
    }
    fields
        .find("queues")
        .map(|node| map(reading, node))
        .unwrap_or_default()
        .into_iter()
        .fold(naming, |naming, (written, stored)| naming.map(written, stored))
}

/// A text that can be part of a queue's name. Blank is allowed, since a blank prefix is none.
fn part(reading: &mut Reading<'_>, fields: &Fields<'_>, key: &str) -> Option<String> {
    let node = fields.find(key)?;
    let part = value::text(reading, key, node)?;
    if part.trim().is_empty() || is_queue(reading, node, &part) { Some(part) } else { None }
}

fn map(reading: &mut Reading<'_>, node: &Node) -> Vec<(String, String)> {
    let Some(entries) = entries(reading, node) else {
        let what = "a mapping from names in the code to names in the store";
        reading.wrong("queues", what, node, "; the queues to serve belong to `workers`");
        return Vec::new();
    };
    let mut map = Vec::new();
    for (key, written, node) in entries {
        let stored = value::text(reading, &written, node).filter(|stored| is_queue(reading, node, stored));
        if let (true, Some(stored)) = (is_queue(reading, key, &written), stored) {
            map.push((written, stored));
        }
    }
    map
}

fn is_queue(reading: &mut Reading<'_>, node: &Node, name: &str) -> bool {
    let checked = check_queue_name(name);
    if let Err(error) = &checked {
        reading.fault(node.place, error.to_string());
    }
    checked.is_ok()
}

/// The workers of an environment.
pub(crate) fn workers(reading: &mut Reading<'_>, naming: &Naming, node: &Node) -> Vec<Worker> {
    let Kind::List(list) = &node.kind else {
        reading.wrong("workers", "a list", node, "; write `- { queues: [..], threads: .. }` for each");
        return Vec::new();
    };
    list.iter().filter_map(|node| worker(reading, naming, node)).collect()
}

fn worker(reading: &mut Reading<'_>, naming: &Naming, node: &Node) -> Option<Worker> {
    let fields = Fields::of(reading, "a worker", &WORKER_KEYS, node);
    // Both are read before one of them may end it, so that what is wrong with either is said.
    let queues = fields.find("queues").map(|node| served(reading, naming, node));
    let threads = fields.find("threads").map(|node| value::whole(reading, "threads", node, 1..=MOST_THREADS));
    let worker = queues.unwrap_or_else(|| Some(Worker::default()))?;
    match threads {
        None => Some(worker),
        Some(threads) => Some(worker.threads(threads?)),
    }
}

fn served(reading: &mut Reading<'_>, naming: &Naming, node: &Node) -> Option<Worker> {
    match &node.kind {
        Kind::Text(_) => selector(reading, naming, node).map(|one| Worker::new([one])),
        Kind::List(list) if !list.is_empty() => {
            let selectors: Vec<_> = list.iter().map(|node| selector(reading, naming, node)).collect();
            selectors.into_iter().collect::<Option<Vec<_>>>().map(Worker::new)
        }
        Kind::Mapping(list) if !list.is_empty() => weighted(reading, naming, node),
        _ => {
            let what = "the queues to serve: `mail`, `[mail, \"report*\"]`, or with weights `{ mail: 3, report: 1 }`";
            reading.wrong("queues", what, node, "");
            None
        }
    }
}

fn weighted(reading: &mut Reading<'_>, naming: &Naming, node: &Node) -> Option<Worker> {
    let mut queues = Vec::new();
    for (key, name, node) in entries(reading, node)? {
        let weight = value::count::<u32>(reading, &name, node);
        queues.push(weight.filter(|_| can_be(reading, naming, key, &name)).map(|weight| (name, weight)));
    }
    queues.into_iter().collect::<Option<Vec<_>>>().map(Worker::weighted)
}

fn selector(reading: &mut Reading<'_>, naming: &Naming, node: &Node) -> Option<String> {
    let selector = value::text(reading, "queues", node)?;
    can_be(reading, naming, node, &selector).then_some(selector)
}

/// Whether a worker can serve this, with the name that the store knows.
fn can_be(reading: &mut Reading<'_>, naming: &Naming, node: &Node, selector: &str) -> bool {
    let stored = if selector == "*" { "*".to_owned() } else { naming.stored(selector) };
    let parsed = stored.parse::<QueueSelector>();
    if let Err(error) = &parsed {
        reading.fault(node.place, format!("{error}; a worker serves `mail`, `mail*` or `*`"));
    }
    parsed.is_ok()
}
