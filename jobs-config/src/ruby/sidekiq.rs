//! `config/sidekiq.yml` of Sidekiq.

use jobs_core::Registry;
use jobs_runtime::Worker;

use crate::Config;
use crate::fields::entries;
use crate::node::{Kind, Node};
use crate::reading::{Lookup, Reading};
use crate::ruby::scheduler::{schedule, scheduler};
use crate::ruby::sections::{Outside, choose};
use crate::ruby::settings::{Entry, Keys, Settings};
use crate::ruby::solid_queue::{MOST_THREADS, places};
use crate::ruby::{number, served};

const OF_REDIS: &str = "the store is that of `JOBS_URL` or of the command line";
const OF_LIMITS: &str = "give the queue a worker of its own in `capsules`, with so many threads";
const OF_SCHEDULES: &str = "write recurring jobs into `config/recurring.yml`, or at the job";
const OF_DEATH: &str = "failed jobs stay until they are retried, discarded or pruned";
const OF_LOGS: &str = "log lines go where the program sends them";
const OF_CODE: &str = "it is set in the code of the program";
const OF_LIMIT: &str = "a `timeout` stands at the job";

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
    told: &[
        ("max_retries", "how often a job is retried stands at the job or its base, as `retry_on(any, attempts = 26)`"),
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

const CAPSULE: Keys = Keys { what: "a capsule", read: &["concurrency", "queues"], told: &[] };

/// Sidekiq's since its version 7.
const CONCURRENCY: u32 = 5;
const CONCURRENCY_VARIABLE: &str = "RAILS_MAX_THREADS";

pub(crate) fn read(
    reading: &mut Reading<'_>,
    root: &Node,
    environment: &str,
    lookup: Lookup<'_>,
    registry: Option<&Registry>,
) -> Config {
    let sections = choose(reading, root, &KEYS, Outside::Below, environment);
    let usual = usual(reading, root, lookup);
    let config = section(reading, sections.chosen, usual, registry);
    let counts = reading.lookup.take();
    for node in sections.others {
        let entries = entries(reading, node).unwrap_or_default();
        section(reading, entries, usual, registry);
    }
    reading.lookup = counts;
    config
}

/// How many threads there are if the file says nothing.
fn usual(reading: &mut Reading<'_>, root: &Node, lookup: Lookup<'_>) -> u32 {
    let Some(written) = lookup(CONCURRENCY_VARIABLE).filter(|written| !written.is_empty()) else { return CONCURRENCY };
    let number = written.parse().ok().filter(|number| (1..=MOST_THREADS).contains(number));
    number.unwrap_or_else(|| {
        let words =
            format!("`{CONCURRENCY_VARIABLE}` is a whole number from 1 to {MOST_THREADS}, and this is `{written}`");
        reading.fault(root.place, words);
        CONCURRENCY
    })
}

fn section(reading: &mut Reading<'_>, entries: Vec<Entry<'_>>, usual: u32, registry: Option<&Registry>) -> Config {
    let mut config = Config::default();
    let settings = Settings::of(reading, &KEYS, entries);
    let threads = concurrency(reading, &settings, usual);
    config
        .workers
        .extend(queues(reading, &settings).zip(threads).map(|(worker, threads)| worker.threads(places(threads))));
    if let Some(node) = settings.find("capsules") {
        // Without a number of its own a capsule has that of the file.
        capsules(reading, node, threads.unwrap_or(usual), &mut config);
    }
    if let Some(node) = settings.find("scheduler") {
        config.recurring = scheduler(reading, node, registry);
    }
    if let Some(node) = settings.find("schedule") {
        config.recurring.extend(schedule(reading, node, registry));
    }
    if let Some(limit) = settings.find("timeout").and_then(|node| number::seconds(reading, "timeout", node)) {
        config.shutdown_timeout = limit;
    }
    for key in ["average_scheduled_poll_interval", "poll_interval_average"] {
        if let Some(interval) = settings.find(key).and_then(|node| number::interval(reading, key, node)) {
            config.dispatch_interval = interval;
        }
    }
    config
}

fn capsules(reading: &mut Reading<'_>, node: &Node, usual: u32, config: &mut Config) {
    let Some(entries) = entries(reading, node) else {
        let what = "a mapping from names to `concurrency` and `queues`";
        return reading.wrong("capsules", what, node, "");
    };
    for (_, _, node) in entries {
        let settings = Settings::read(reading, &CAPSULE, node);
        let threads = concurrency(reading, &settings, usual);
        let worker = queues(reading, &settings).zip(threads);
        config.workers.extend(worker.map(|(worker, threads)| worker.threads(places(threads))));
    }
}

fn concurrency(reading: &mut Reading<'_>, settings: &Settings<'_>, usual: u32) -> Option<u32> {
    let Some(node) = settings.find("concurrency") else { return Some(usual) };
    number::count(reading, "concurrency", node, 1..=MOST_THREADS)
}

fn queues(reading: &mut Reading<'_>, settings: &Settings<'_>) -> Option<Worker> {
    settings.find("queues").map_or_else(|| Some(Worker::new(["default"])), |node| served(reading, node))
}

/// A name that is given twice is looked at so much more often, as in Sidekiq before there were weights.
type Weights = Vec<(String, u32)>;

fn served(reading: &mut Reading<'_>, node: &Node) -> Option<Worker> {
    let read = match &node.kind {
        Kind::List(list) if !list.is_empty() => list.iter().map(|node| queue(reading, node)).collect::<Vec<_>>(),
        Kind::Mapping(list) if !list.is_empty() => mapping(reading, node),
        Kind::Text(_) | Kind::Whole(_) | Kind::Bool(_) => vec![queue(reading, node)],
        _ => {
            let what = "a list such as `[critical, default]`, or with weights `[[critical, 2], [default, 1]]`";
            reading.wrong("queues", what, node, "");
            return None;
        }
    };
    let mut weights = Weights::new();
    let mut is_weighted = false;
    for queue in read {
        let (name, weight) = queue?;
        is_weighted |= weight > 0;
        match weights.iter_mut().find(|(known, _)| *known == name) {
            Some((_, sum)) => *sum = sum.saturating_add(weight.max(1)),
            None => weights.push((name, weight.max(1))),
        }
    }
    Some(if is_weighted { Worker::weighted(weights) } else { Worker::new(weights.into_iter().map(|(name, _)| name)) })
}

fn mapping(reading: &mut Reading<'_>, node: &Node) -> Vec<Option<(String, u32)>> {
    let entries = entries(reading, node).unwrap_or_default();
    let pairs = entries.into_iter().map(|(key, name, node)| {
        let weight = weight(reading, node);
        Some((served::selector(reading, key, &name)?, weight?))
    });
    pairs.collect()
}

/// `critical`, `critical,5` or `[critical, 5]`. A weight of nothing is none.
fn queue(reading: &mut Reading<'_>, node: &Node) -> Option<(String, u32)> {
    let Kind::List(pair) = &node.kind else { return named(reading, node) };
    match pair.as_slice() {
        [name] => queue(reading, name),
        [name, number] => {
            let weight = weight(reading, number);
            let written = served::name(reading, name)?;
            Some((served::selector(reading, name, &written)?, weight?))
        }
        _ => {
            reading.wrong("queues", "made of names and weights", node, "; write `[critical, 2]` for each queue");
            None
        }
    }
}

/// `critical` or `critical,5`.
fn named(reading: &mut Reading<'_>, node: &Node) -> Option<(String, u32)> {
    let written = served::name(reading, node)?;
    let (name, weight) = match written.split_once(',') {
        None => (written.as_str(), Some(0)),
        Some((name, weight)) => (name, weight.trim().parse().ok()),
    };
    let Some(weight) = weight else {
        reading.wrong("queues", "made of names and weights", node, "; write `critical,2` for each queue");
        return None;
    };
    Some((served::selector(reading, node, name)?, weight))
}

/// A weight as large as this is drawn no other than a larger one.
const HEAVIEST: u32 = 1_000_000;

fn weight(reading: &mut Reading<'_>, node: &Node) -> Option<u32> {
    number::count(reading, "a weight", node, 0..=HEAVIEST)
}
