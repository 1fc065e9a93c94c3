//! The section of one environment.

use jobs_core::Schedule;

use crate::Config;
use crate::document::{Diagnostics, Node};
use crate::jobs_yml::fields::Fields;
use crate::jobs_yml::{queues, recurring, value};

/// The keys of an environment.
pub(crate) const KEYS: [&str; 17] = [
    "store",
    "prefix",
    "delimiter",
    "queues",
    "workers",
    "recurring",
    "time_zone",
    "dispatch",
    "poll_interval",
    "heartbeat",
    "shutdown_timeout",
    "keep_finished",
    "crash_limit",
    "argument_limit",
    "default_timeout",
    "retry_jitter",
    "slow_after",
];

/// The settings of a section over the defaults. `url` overrides its store.
pub(crate) fn read(diagnostics: &mut Diagnostics<'_>, node: &Node, url: Option<String>) -> Config {
    let mut config = Config::default();
    let fields = Fields::of(diagnostics, "an environment", &KEYS, node);
    config.naming = queues::naming(diagnostics, &fields);
    if let Some(node) = fields.find("workers") {
        config.workers = queues::workers(diagnostics, &config.naming, node);
    }
    if let Some(node) = fields.find("recurring") {
        config.recurring = recurring::tasks(diagnostics, node);
    }
    if let Some(node) = fields.find("time_zone") {
        time_zone(diagnostics, node, &mut config);
    }
    // The variables in the URL of the file are not read if another URL overrides it.
    config.store = url.or_else(|| fields.find("store").and_then(|node| value::secret(diagnostics, "store", node)));
    fields.set(diagnostics, "poll_interval", &mut config.poll_interval, value::interval);
    fields.set(diagnostics, "shutdown_timeout", &mut config.shutdown_timeout, value::duration);
    fields.set(diagnostics, "keep_finished", &mut config.keep_finished, value::duration);
    fields.set(diagnostics, "crash_limit", &mut config.crash_limit, value::count);
    fields.set(diagnostics, "argument_limit", &mut config.argument_limit, value::size);
    fields.set(diagnostics, "default_timeout", &mut config.default_timeout, value::timeout);
    config.retry_jitter = fields.find("retry_jitter").and_then(|node| value::jitter(diagnostics, "retry_jitter", node));
    config.slow_after = fields.find("slow_after").and_then(|node| value::interval(diagnostics, "slow_after", node));
    if let Some(node) = fields.find("dispatch") {
        dispatch(diagnostics, node, &mut config);
    }
    if let Some(node) = fields.find("heartbeat") {
        heartbeat(diagnostics, node, &mut config);
    }
    config
}

fn time_zone(diagnostics: &mut Diagnostics<'_>, node: &Node, config: &mut Config) {
    let Some(name) = value::text(diagnostics, "time_zone", node) else { return };
    match Schedule::check_zone(&name) {
        Ok(()) => config.time_zone = Some(name),
        Err(error) => diagnostics.error(node.location, error.to_string()),
    }
}

fn dispatch(diagnostics: &mut Diagnostics<'_>, node: &Node, config: &mut Config) {
    let fields = Fields::of(diagnostics, "`dispatch`", &["interval", "batch"], node);
    fields.set(diagnostics, "interval", &mut config.dispatch_interval, value::interval);
    fields.set(diagnostics, "batch", &mut config.dispatch_batch, value::count);
}

fn heartbeat(diagnostics: &mut Diagnostics<'_>, node: &Node, config: &mut Config) {
    let fields = Fields::of(diagnostics, "`heartbeat`", &["interval", "silence"], node);
    fields.set(diagnostics, "interval", &mut config.heartbeat_interval, value::interval);
    fields.set(diagnostics, "silence", &mut config.heartbeat_silence, value::interval);
    let (interval, silence) = (config.heartbeat_interval, config.heartbeat_silence);
    if interval.saturating_mul(2) > silence {
        let message = format!(
            "a heartbeat every {interval:?} and a silence limit of {silence:?} would take live processes for dead: \
             make `silence` at least twice `interval`"
        );
        diagnostics.error(node.location, message);
    }
}
