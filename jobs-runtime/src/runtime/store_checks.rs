//! What the jobs of a program need, compared with what its store guarantees.

use std::time::Duration;

use jobs_core::{ClaimOrder, Error, Guarantees, Registered, Registry, Retention, Timeout, Uniqueness, kept_for};

use crate::observe::log;

/// Refuses jobs that need what the store does not have.
///
/// # Errors
/// A job is unique, and the store has no unique keys. The error [is unsupported](Error::is_unsupported) and names the jobs.
pub(crate) fn check(registry: &Registry, guarantees: Guarantees) -> Result<(), Error> {
    if guarantees.uniqueness == Uniqueness::Supported {
        return Ok(());
    }
    let unique = names(registry, |known| known.definition.settings().unique.is_some());
    if unique.is_empty() {
        return Ok(());
    }
    Err(Error::unsupported(format!(
        "the store has no unique keys, and there are jobs with `unique(..)`: {unique}; use another store, remove \
         `unique(..)`, or list only the jobs of this store with `.register(jobs![..])`"
    )))
}

/// Logs which settings have no effect with this store. They change the order of jobs, or for how long jobs are kept; no
/// job is lost or runs twice.
pub(crate) fn report_without_effect(registry: &Registry, guarantees: Guarantees, keep_finished: Duration) {
    if guarantees.order == ClaimOrder::QueueFifo {
        let jobs = names(registry, |known| known.definition.settings().priority.is_some_and(|priority| priority != 0));
        if !jobs.is_empty() {
            log::priorities_without_effect(&jobs);
        }
    }
    if guarantees.retention == Retention::FailedOnly && !keep_finished.is_zero() {
        log::nothing_finished_is_kept(&names(registry, |_| true));
    }
    if guarantees.retention == Retention::All && kept_for(keep_finished) != keep_finished {
        log::finished_are_kept_longer(keep_finished, kept_for(keep_finished));
    }
}

/// Logs how long jobs may run that have no time-out of their own, if there are some.
pub(crate) fn report_default_timeout(registry: &Registry, timeout: Timeout) {
    let jobs = registry.iter().filter(|known| known.definition.settings().timeout.is_none()).count();
    if jobs > 0 {
        log::default_timeout(timeout, jobs);
    }
}

/// The names of the jobs for which this holds, as `a`, `b`.
fn names(registry: &Registry, is_meant: impl Fn(&Registered) -> bool) -> String {
    let names = registry.iter().filter(|known| is_meant(known)).map(|known| format!("`{}`", known.definition.name()));
    names.collect::<Vec<_>>().join(", ")
}
