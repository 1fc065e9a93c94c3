//! Reads queue names and the workers that serve them.

use jobs_core::{QueueSelector, check_queue_name};
use jobs_runtime::{QueueNaming, Worker};

use crate::document::{Diagnostics, Kind, Node, entries};
use crate::jobs_yml::fields::Fields;
use crate::jobs_yml::value;

const WORKER_KEYS: [&str; 3] = ["queues", "threads", "at_most"];

/// A larger number is a typing mistake.
const MOST_THREADS: u32 = 65_535;

/// The prefix, delimiter and map of an environment.
pub(crate) fn naming(diagnostics: &mut Diagnostics<'_>, fields: &Fields<'_>) -> QueueNaming {
    let mut naming = QueueNaming::new();
    if let Some(prefix) = part(diagnostics, fields, "prefix") {
        naming = naming.prefix(prefix);
    }
    if let Some(delimiter) = part(diagnostics, fields, "delimiter") {
        naming = naming.delimiter(delimiter);
    }
    fields
        .find("queues")
        .map(|node| map(diagnostics, node))
        .unwrap_or_default()
        .into_iter()
        .fold(naming, |naming, (written, stored)| naming.map(written, stored))
}

/// A text that can be part of a queue name. A blank text is allowed, since it means no prefix.
fn part(diagnostics: &mut Diagnostics<'_>, fields: &Fields<'_>, key: &str) -> Option<String> {
    let node = fields.find(key)?;
    let part = value::text(diagnostics, key, node)?;
    if part.trim().is_empty() || is_queue(diagnostics, node, &part) { Some(part) } else { None }
}

fn map(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Vec<(String, String)> {
    let Some(entries) = entries(diagnostics, node) else {
        let what = "a mapping from names in the code to names in the store";
        diagnostics.mismatch("queues", what, node, "; the queues to serve belong to `workers`");
        return Vec::new();
    };
    let mut map = Vec::new();
    for (key, written, node) in entries {
        let stored = value::text(diagnostics, &written, node).filter(|stored| is_queue(diagnostics, node, stored));
        if let (true, Some(stored)) = (is_queue(diagnostics, key, &written), stored) {
            map.push((written, stored));
        }
    }
    map
}

fn is_queue(diagnostics: &mut Diagnostics<'_>, node: &Node, name: &str) -> bool {
    let checked = check_queue_name(name);
    if let Err(error) = &checked {
        diagnostics.error(node.location, error.to_string());
    }
    checked.is_ok()
}

/// The workers of an environment.
pub(crate) fn workers(diagnostics: &mut Diagnostics<'_>, naming: &QueueNaming, node: &Node) -> Vec<Worker> {
    let Kind::List(list) = &node.kind else {
        diagnostics.mismatch("workers", "a list", node, "; write `- { queues: [..], threads: .. }` for each");
        return Vec::new();
    };
    list.iter().filter_map(|node| worker(diagnostics, naming, node)).collect()
}

fn worker(diagnostics: &mut Diagnostics<'_>, naming: &QueueNaming, node: &Node) -> Option<Worker> {
    let fields = Fields::of(diagnostics, "a worker", &WORKER_KEYS, node);
    // All keys are read before an early return, so that the mistakes in all of them are reported.
    let queues = fields.find("queues").map(|node| served(diagnostics, naming, node));
    let threads = fields.find("threads").map(|node| value::integer(diagnostics, "threads", node, 1..=MOST_THREADS));
    let limits = fields.find("at_most").map(|node| counts(diagnostics, naming, "at_most", node));
    let worker = queues.unwrap_or_else(|| Some(Worker::default()))?;
    let worker = match threads {
        None => worker,
        Some(threads) => worker.concurrency(threads?),
    };
    let Some(limits) = limits else { return Some(worker) };
    let limits = limits?;
    let limited = limits.into_iter().fold(worker, |worker, (queue, limit)| worker.at_most(queue, limit));
    if let (Some(node), Err(error)) = (fields.find("at_most"), limited.check(naming)) {
        diagnostics.error(node.location, error.to_string());
        return None;
    }
    Some(limited)
}

fn served(diagnostics: &mut Diagnostics<'_>, naming: &QueueNaming, node: &Node) -> Option<Worker> {
    let without = Worker::new::<String>([]);
    match &node.kind {
        Kind::List(list) if !list.is_empty() => {
            // All are read, so that the mistakes in all of them are reported.
            let (mut worker, mut are_valid) = (without, true);
            for node in list {
                match then(diagnostics, naming, node, std::mem::take(&mut worker)) {
                    Some(next) => worker = next,
                    None => are_valid = false,
                }
            }
            are_valid.then_some(worker)
        }
        Kind::Text(_) => then(diagnostics, naming, node, without),
        Kind::Mapping(list) if !list.is_empty() => then(diagnostics, naming, node, without),
        _ => {
            let what = "the queues to serve: `mail`, `[mail, \"report*\"]`, or with weights `{ mail: 3, report: 1 }`";
            diagnostics.mismatch("queues", what, node, "");
            None
        }
    }
}

/// The worker with one selector more, or with a mapping of weights that share what the selectors before leave.
fn then(diagnostics: &mut Diagnostics<'_>, naming: &QueueNaming, node: &Node, worker: Worker) -> Option<Worker> {
    match &node.kind {
        Kind::Mapping(list) if !list.is_empty() => {
            Some(worker.then_weighted(counts::<u32>(diagnostics, naming, "queues", node)?))
        }
        _ => Some(worker.then([selector(diagnostics, naming, node)?])),
    }
}

/// Selectors with a number from 1 for each.
fn counts<T: TryFrom<i128>>(
    diagnostics: &mut Diagnostics<'_>,
    naming: &QueueNaming,
    key: &str,
    node: &Node,
) -> Option<Vec<(String, T)>> {
    let Some(entries) = entries(diagnostics, node) else {
        diagnostics.mismatch(key, "a mapping from queues to numbers, as `{ reports: 2 }`", node, "");
        return None;
    };
    let mut counts = Vec::new();
    for (selector, name, node) in entries {
        let count = value::count::<T>(diagnostics, &name, node);
        counts.push(count.filter(|_| is_selector(diagnostics, naming, selector, &name)).map(|count| (name, count)));
    }
    counts.into_iter().collect()
}

fn selector(diagnostics: &mut Diagnostics<'_>, naming: &QueueNaming, node: &Node) -> Option<String> {
    let selector = value::text(diagnostics, "queues", node)?;
    is_selector(diagnostics, naming, node, &selector).then_some(selector)
}

/// Whether a worker can serve this queue under the name that the store has.
fn is_selector(diagnostics: &mut Diagnostics<'_>, naming: &QueueNaming, node: &Node, selector: &str) -> bool {
    let stored = if selector == "*" { "*".to_owned() } else { naming.stored(selector) };
    let parsed = stored.parse::<QueueSelector>();
    if let Err(error) = &parsed {
        diagnostics.error(node.location, format!("{error}; a worker serves `mail`, `mail*` or `*`"));
    }
    parsed.is_ok()
}
