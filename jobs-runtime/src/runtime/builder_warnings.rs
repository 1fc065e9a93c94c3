//! Warns of settings that are read as another value than they say.

use std::time::Duration;

use jobs_core::{Registry, Timeout};

use crate::observe::log;
use crate::runtime::plan::Timings;
use crate::worker::config::Worker;
use crate::worker::selection::Selection;

/// Logs each setting of zero that is read as one, or as none. Files and the attribute refuse them, where a person wrote the zero; in
/// code it may be the result of a computation, and a program that runs is better than one that does not start.
pub(crate) fn report(registry: &Registry, workers: &[(Worker, Selection)], timings: &mut Timings) {
    if timings.default_timeout == Timeout::After(Duration::ZERO) {
        log::no_default_timeout();
        timings.default_timeout = Timeout::Never;
    }
    for (worker, selection) in workers {
        if worker.has_no_slots() {
            log::no_slots(&selection.names().join(", "));
        }
    }
    for known in registry.iter().filter(|known| known.policy.has_no_attempts()) {
        log::no_attempts(known.definition.name());
    }
}
