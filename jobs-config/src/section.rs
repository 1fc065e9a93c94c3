//! The section of one environment.

use crate::Config;
use crate::fields::Fields;
use crate::node::Node;
use crate::reading::Reading;
use crate::{queues, recurring, value};

/// The keys of an environment.
pub(crate) const KEYS: [&str; 14] = [
    "store",
    "prefix",
    "delimiter",
    "queues",
    "workers",
    "recurring",
    "dispatch",
    "poll_interval",
    "heartbeat",
    "shutdown_timeout",
    "keep_finished",
    "crash_limit",
    "argument_limit",
    "slow_after",
];

/// What the section says over the defaults. `url` comes before its store.
pub(crate) fn read(reading: &mut Reading<'_>, node: &Node, url: Option<String>) -> Config {
    let mut config = Config::default();
    let fields = Fields::of(reading, "an environment", &KEYS, node);
    config.naming = queues::naming(reading, &fields);
    if let Some(node) = fields.find("workers") {
        config.workers = queues::workers(reading, &config.naming, node);
    }
    if let Some(node) = fields.find("recurring") {
        config.recurring = recurring::tasks(reading, node);
    }
    // Nobody needs the variables in a URL that does not count.
    config.store = url.or_else(|| fields.find("store").and_then(|node| value::secret(reading, "store", node)));
    fields.set(reading, "poll_interval", &mut config.poll_interval, value::interval);
    fields.set(reading, "shutdown_timeout", &mut config.shutdown_timeout, value::span);
    fields.set(reading, "keep_finished", &mut config.keep_finished, value::span);
    fields.set(reading, "crash_limit", &mut config.crash_limit, value::count);
    fields.set(reading, "argument_limit", &mut config.argument_limit, value::bytes);
    config.slow_after = fields.find("slow_after").and_then(|node| value::interval(reading, "slow_after", node));
    if let Some(node) = fields.find("dispatch") {
        dispatch(reading, node, &mut config);
    }
    if let Some(node) = fields.find("heartbeat") {
        heartbeat(reading, node, &mut config);
    }
    config
}

fn dispatch(reading: &mut Reading<'_>, node: &Node, config: &mut Config) {
    let fields = Fields::of(reading, "`dispatch`", &["interval", "batch"], node);
    fields.set(reading, "interval", &mut config.dispatch_interval, value::interval);
    fields.set(reading, "batch", &mut config.dispatch_batch, value::count);
}

fn heartbeat(reading: &mut Reading<'_>, node: &Node, config: &mut Config) {
    let fields = Fields::of(reading, "`heartbeat`", &["interval", "silence"], node);
    fields.set(reading, "interval", &mut config.heartbeat_interval, value::interval);
    fields.set(reading, "silence", &mut config.heartbeat_silence, value::interval);
    let (interval, silence) = (config.heartbeat_interval, config.heartbeat_silence);
    if interval.saturating_mul(2) > silence {
        let words = format!(
            "a heartbeat every {interval:?} and death after {silence:?} of silence would kill live processes: \
             let `silence` be at least twice `interval`"
        );
        reading.fault(node.place, words);
    }
}
