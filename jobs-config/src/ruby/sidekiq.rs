//! Reads the `config/sidekiq.yml` of Sidekiq.

use std::collections::HashMap;

use jobs_core::Registry;
use jobs_runtime::Worker;

use crate::Config;
use crate::document::{Diagnostics, Entry, Kind, Lookup, Node, entries};
use crate::ruby::recurring::{schedule, scheduler};
use crate::ruby::sections::{TopLevel, choose};
use crate::ruby::settings::{Keys, Settings};
use crate::ruby::solid_queue::{MOST_THREADS, concurrency};
use crate::ruby::{number, queue_names};

const OF_REDIS: &str = "`JOBS_URL` or the command line names the store";
const OF_LIMITS: &str = "give the queue a worker of its own in `capsules`, with this number of threads";
const OF_SCHEDULES: &str = "write recurring jobs into `config/recurring.yml`, or at the job";
const OF_DEATH: &str = "failed jobs stay until they are retried, discarded or pruned";
const OF_LOGS: &str = "log lines go where the program sends them";
const OF_CODE: &str = "it is set in the code of the program";
const OF_LIMIT: &str = "set `timeout` at the job";

pub(crate) const KEYS: Keys = Keys {
    what: "an environment of Sidekiq",
    read: &[
        "concurrency",
        "queues",
        "timeout",
        "capsules",
        "average_scheduled_poll_interval",
        "poll_interval_average",
        "scheduler",
        "schedule",
    ],
    ignored: &[
        ("max_retries", "set the number of attempts at the job or its base, as `retry_on(any, attempts = 26)`"),
        ("environment", "`-e`, `JOBS_ENV` or `RAILS_ENV` chooses it"),
        ("require", "the jobs are compiled into the program"),
        ("daemon", "a service manager such as systemd runs the program in the background"),
        ("pidfile", "a service manager such as systemd knows the process"),
        ("logfile", OF_LOGS),
        ("verbose", OF_LOGS),
        ("logger", OF_LOGS),
        ("skip_default_job_logging", OF_LOGS),
        ("logged_job_attributes", OF_LOGS),
        ("tag", "the name of the process is set in the code, with `.name(..)`"),
        ("labels", "the name of the process is set in the code, with `.name(..)`"),
        ("strict", "the queues are served in their order unless they have weights"),
        ("dead_max_jobs", OF_DEATH),
        ("dead_timeout_in_seconds", OF_DEATH),
        ("max_iteration_runtime", OF_LIMIT),
        ("on_complex_arguments", "arguments are checked by the compiler"),
        ("error_handlers", OF_CODE),
        ("death_handlers", OF_CODE),
        ("lifecycle_events", OF_CODE),
        ("reloader", OF_CODE),
        ("backtrace_cleaner", OF_CODE),
        ("redis", OF_REDIS),
        ("url", OF_REDIS),
        ("namespace", OF_REDIS),
        ("redis_idle_timeout", OF_REDIS),
        ("limits", OF_LIMITS),
        ("process_limits", OF_LIMITS),
        ("blocking", OF_LIMITS),
        ("dynamic", OF_LIMITS),
        ("cron", OF_SCHEDULES),
        ("periodic", OF_SCHEDULES),
    ],
};

const CAPSULE: Keys = Keys { what: "a capsule", read: &["concurrency", "queues"], ignored: &[] };

/// The default since Sidekiq 7.
const CONCURRENCY: u32 = 5;
const CONCURRENCY_VARIABLE: &str = "RAILS_MAX_THREADS";

pub(crate) fn read(
    diagnostics: &mut Diagnostics<'_>,
    root: &Node,
    environment: &str,
    lookup: Lookup<'_>,
    registry: Option<&Registry>,
) -> Config {
    let sections = choose(diagnostics, root, &KEYS, TopLevel::Defaults, environment);
    let default = default_threads(diagnostics, root, lookup);
    let config = section(diagnostics, sections.chosen, default, registry);
    diagnostics.in_other_sections(|diagnostics| {
        for node in sections.others {
            let entries = entries(diagnostics, node).unwrap_or_default();
            section(diagnostics, entries, default, registry);
        }
    });
    config
}

/// The number of threads if the file does not set it.
fn default_threads(diagnostics: &mut Diagnostics<'_>, root: &Node, lookup: Lookup<'_>) -> u32 {
    let Some(written) = lookup(CONCURRENCY_VARIABLE).filter(|written| !written.is_empty()) else { return CONCURRENCY };
    let number = written.parse().ok().filter(|number| (1..=MOST_THREADS).contains(number));
    number.unwrap_or_else(|| {
        let message =
            format!("`{CONCURRENCY_VARIABLE}` is a whole number from 1 to {MOST_THREADS}, and this is `{written}`");
        diagnostics.error(root.location, message);
        CONCURRENCY
    })
}

fn section(
    diagnostics: &mut Diagnostics<'_>,
    entries: Vec<Entry<'_>>,
    default: u32,
    registry: Option<&Registry>,
) -> Config {
    let mut config = Config::default();
    let settings = Settings::of(diagnostics, &KEYS, entries);
    let threads = threads(diagnostics, &settings, default);
    config.workers.extend(
        queues(diagnostics, &settings).zip(threads).map(|(worker, threads)| worker.concurrency(concurrency(threads))),
    );
    if let Some(node) = settings.find("capsules") {
        // A capsule without a number of threads has that of the file.
        capsules(diagnostics, node, threads.unwrap_or(default), &mut config);
    }
    if let Some(node) = settings.find("scheduler") {
        config.recurring = scheduler(diagnostics, node, registry);
    }
    if let Some(node) = settings.find("schedule") {
        config.recurring.extend(schedule(diagnostics, node, registry));
    }
    if let Some(limit) = settings.find("timeout").and_then(|node| number::seconds(diagnostics, "timeout", node)) {
        config.shutdown_timeout = limit;
    }
    for key in ["average_scheduled_poll_interval", "poll_interval_average"] {
        if let Some(interval) = settings.find(key).and_then(|node| number::interval(diagnostics, key, node)) {
            config.dispatch_interval = interval;
        }
    }
    config
}

fn capsules(diagnostics: &mut Diagnostics<'_>, node: &Node, default: u32, config: &mut Config) {
    let Some(entries) = entries(diagnostics, node) else {
        let what = "a mapping from names to `concurrency` and `queues`";
        return diagnostics.mismatch("capsules", what, node, "");
    };
    for (_, _, node) in entries {
        let settings = Settings::read(diagnostics, &CAPSULE, node);
        let threads = threads(diagnostics, &settings, default);
        let worker = queues(diagnostics, &settings).zip(threads);
        config.workers.extend(worker.map(|(worker, threads)| worker.concurrency(concurrency(threads))));
    }
}

fn threads(diagnostics: &mut Diagnostics<'_>, settings: &Settings<'_>, default: u32) -> Option<u32> {
    let Some(node) = settings.find("concurrency") else { return Some(default) };
    number::integer_in(diagnostics, "concurrency", node, 1..=MOST_THREADS)
}

fn queues(diagnostics: &mut Diagnostics<'_>, settings: &Settings<'_>) -> Option<Worker> {
    settings.find("queues").map_or_else(|| Some(Worker::new(["default"])), |node| worker(diagnostics, node))
}

/// Queues with their weights. The weights of a repeated name add up, as in Sidekiq before it had weights.
type Weights = Vec<(String, u32)>;

/// The worker that serves the queues of a list, a mapping or a single name.
fn worker(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<Worker> {
    let read = match &node.kind {
        Kind::List(list) if !list.is_empty() => list.iter().map(|node| queue(diagnostics, node)).collect::<Vec<_>>(),
        Kind::Mapping(list) if !list.is_empty() => mapping(diagnostics, node),
        Kind::Text(_) | Kind::Whole(_) | Kind::Bool(_) => vec![queue(diagnostics, node)],
        _ => {
            let what = "a list such as `[critical, default]`, or with weights `[[critical, 2], [default, 1]]`";
            diagnostics.mismatch("queues", what, node, "");
            return None;
        }
    };
    let mut weights = Weights::new();
    let mut positions: HashMap<String, usize> = HashMap::new();
    let mut is_weighted = false;
    for queue in read {
        let (name, weight) = queue?;
        is_weighted |= weight > 0;
        let position = *positions.entry(name.clone()).or_insert(weights.len());
        match weights.get_mut(position) {
            Some((_, sum)) => *sum = sum.saturating_add(weight.max(1)),
            None => weights.push((name, weight.max(1))),
        }
    }
    Some(if is_weighted { Worker::weighted(weights) } else { Worker::new(weights.into_iter().map(|(name, _)| name)) })
}

fn mapping(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Vec<Option<(String, u32)>> {
    let entries = entries(diagnostics, node).unwrap_or_default();
    let pairs = entries.into_iter().map(|(key, name, node)| {
        let weight = weight(diagnostics, node);
        Some((queue_names::selector(diagnostics, key, &name)?, weight?))
    });
    pairs.collect()
}

/// `critical`, `critical,5` or `[critical, 5]`. A weight of 0 means no weight.
fn queue(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<(String, u32)> {
    let Kind::List(pair) = &node.kind else { return named(diagnostics, node) };
    match pair.as_slice() {
        [name] => queue(diagnostics, name),
        [name, number] => {
            let weight = weight(diagnostics, number);
            let written = queue_names::text(diagnostics, name)?;
            Some((queue_names::selector(diagnostics, name, &written)?, weight?))
        }
        _ => {
            diagnostics.mismatch("queues", "made of names and weights", node, "; write `[critical, 2]` for each queue");
            None
        }
    }
}

/// `critical` or `critical,5`.
fn named(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<(String, u32)> {
    let written = queue_names::text(diagnostics, node)?;
    let (name, weight) = match written.split_once(',') {
        None => (written.as_str(), Some(0)),
        Some((name, weight)) => (name, weight.trim().parse().ok()),
    };
    let Some(weight) = weight else {
        diagnostics.mismatch("queues", "made of names and weights", node, "; write `critical,2` for each queue");
        return None;
    };
    Some((queue_names::selector(diagnostics, node, name)?, weight))
}

/// A larger weight would make no visible difference.
const MOST_WEIGHT: u32 = 1_000_000;

fn weight(diagnostics: &mut Diagnostics<'_>, node: &Node) -> Option<u32> {
    number::integer_in(diagnostics, "a weight", node, 0..=MOST_WEIGHT)
}
