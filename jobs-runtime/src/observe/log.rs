//! All log lines and their levels, by `tracing` under the target `jobs`.
//!
//! Where Active Job has a line, it is the same here. The values in the text are also in fields.

use std::sync::Arc;
use std::time::Duration;

use jobs_core::{Bulk, ErrorRecord, Event, Execution, JobRef};
use tracing::field::Empty;
use tracing::{Level, Span, debug, enabled, error, info, info_span, warn};

use crate::observe::events::Subscription;

pub(crate) fn subscription() -> Subscription {
    let listens = || enabled!(target: "jobs", Level::ERROR);
    Subscription { watcher: Arc::new(write), listens, reads_arguments: true }
}

/// The span around one perform.
pub(crate) fn span(job: &str, execution: &Execution) -> Span {
    info_span!(target: "jobs", "perform",
        job, id = %execution.id(), queue = %execution.queue, attempt = execution.attempt,
        otel.name = Empty, otel.kind = Empty, otel.status_code = Empty, otel.status_description = Empty)
}

/// Records in the span of a perform that it failed.
pub(crate) fn span_failed(class: &str) {
    Span::current().record("otel.status_code", "ERROR").record("otel.status_description", class);
}

/// There are recurring tasks, which `inline:` does not run.
pub(crate) fn nothing_recurs(tasks: usize) {
    info!(target: "jobs", tasks, "Nothing recurs with `inline:`, which stores nothing: recurring tasks are left out");
}

/// The store claims jobs in the order of enqueue.
pub(crate) fn priorities_without_effect(jobs: &str) {
    warn!(target: "jobs", "The store claims the jobs of a queue in the order of their enqueue, so the priority has no effect \
        for these jobs: {jobs}. Give urgent jobs a queue of their own, and name it first in the worker's queues");
}

/// The store keeps failed jobs only.
pub(crate) fn nothing_finished_is_kept(jobs: &str) {
    info!(target: "jobs", "The store removes finished and discarded jobs at once, so `keep_finished` has no effect for these \
        jobs: {jobs}");
}

/// A loop of the process panicked and is restarted after `wait`.
pub(crate) fn loop_panicked(name: &str, panic: &str, wait: Duration) {
    error!(target: "jobs", name, panic, "The {name} loop panicked and restarts in {wait:?}: {panic}");
}

fn write(event: &Event) {
    match event {
        Event::Enqueued(..) | Event::EnqueuedAt(..) | Event::EnqueuedAll(_) => enqueued(event),
        Event::EnqueueHalted(_) | Event::EnqueueFailed(..) | Event::EnqueueDeduplicated(..) => not_enqueued(event),
        Event::EnqueuedWithin(..) | Event::EnqueuedAllWithin(_) => enqueued_within(event),
        Event::PerformStarted(_) | Event::Performed(..) | Event::PerformHalted(_) | Event::RanSlowly(..) => ran(event),
        Event::RetryScheduled { job, wait, error } => retried(job, *wait, error),
        Event::RetryStopped(job, error) => {
            let what = format!(", which reoccurred on {}", attempts(job.attempt));
            failed(job, error, "Stopped retrying", &what);
        }
        Event::Failed(job, error) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
                "Error performing {name} (Job ID: {id}) from {queue} in {}ms: {}", error.duration_ms, chain(error));
        }
        Event::Discarded(job, error) => failed(job, error, "Discarded", ""),
        Event::Rescued(job, error) => failed(job, error, "Rescued", ""),
        Event::CallbackFailed(job, error) => failed(job, error, "A callback failed for", ""),
        Event::PropagationFailed(job, unread) => {
            let JobRef { name, id, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, attempt, key = %unread.key,
                "{name} (Job ID: {id}) runs without `{}`, which cannot be read: {}", unread.key, unread.message);
        }
        Event::NameUnknown(job) => {
            let JobRef { name, id, queue, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, "No job named `{name}` is registered here; it stays in the store");
        }
        Event::VersionUnknown(job, version) => {
            let JobRef { name, id, queue, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, version,
                "The arguments of {name} (Job ID: {id}) are of version {version}, which a newer program wrote; it stays in the store");
        }
        other => of_process(other),
    }
}

fn enqueued(event: &Event) {
    match event {
        Event::Enqueued(job) => {
            let JobRef { name, id, queue, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue,
                "Enqueued {name} (Job ID: {id}) to {queue}{}", arguments(job));
        }
        Event::EnqueuedAt(job, at) => {
            let JobRef { name, id, queue, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, %at,
                "Enqueued {name} (Job ID: {id}) to {queue} at {at}{}", arguments(job));
        }
        Event::EnqueuedAll(bulk) => {
            info!(target: "jobs", count = bulk.stored, failed = bulk.failed, "{}", of_bulk(bulk));
        }
        _ => {}
    }
}

fn not_enqueued(event: &Event) {
    match event {
        Event::EnqueueHalted(job) => {
            let JobRef { name, queue, .. } = job;
            info!(target: "jobs", job = %name, %queue,
                "Failed enqueuing {name} to {queue}, a before_enqueue callback halted it");
        }
        Event::EnqueueFailed(job, error) => {
            let JobRef { name, queue, .. } = job;
            error!(target: "jobs", job = %name, %queue, class = %error.class, error = %error.message,
                "Failed enqueuing {name} to {queue}: {}", cause(error));
        }
        Event::EnqueueDeduplicated(job, of) => {
            let JobRef { name, queue, .. } = job;
            info!(target: "jobs", job = %name, %queue, %of,
                "Did not enqueue {name} to {queue}, a job of the same unique key is there already (Job ID: {of})");
        }
        _ => {}
    }
}

/// As `Enqueued 3 jobs (2 send_mail, 1 charge). Failed enqueuing 1 job`, the most frequent first.
fn of_bulk(bulk: &Bulk) -> String {
    let mut names: Vec<_> = bulk.names.iter().collect();
    names.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    let names: Vec<_> = names.into_iter().map(|(name, count)| format!("{count} {name}")).collect();
    let stored = (bulk.stored > 0).then(|| format!("Enqueued {} ({})", counted(bulk.stored), names.join(", ")));
    let failed = (bulk.failed > 0).then(|| format!("Failed enqueuing {}", counted(bulk.failed)));
    stored.into_iter().chain(failed).collect::<Vec<_>>().join(". ")
}

fn counted(jobs: usize) -> String {
    if jobs == 1 { "1 job".to_owned() } else { format!("{jobs} jobs") }
}

fn attempts(number: u32) -> String {
    if number == 1 { "1 attempt".to_owned() } else { format!("{number} attempts") }
}

fn enqueued_within(event: &Event) {
    match event {
        Event::EnqueuedWithin(job) => {
            let JobRef { name, id, queue, arguments, .. } = job;
            let at = job.at.map(|at| format!(" at {at}")).unwrap_or_default();
            info!(target: "jobs", job = %name, %id, %queue,
                "Enqueued {name} (Job ID: {id}) to {queue}{at} with arguments: {arguments}, if its transaction commits");
        }
        Event::EnqueuedAllWithin(bulk) => {
            info!(target: "jobs", count = bulk.stored, "{}, if their transaction commits", of_bulk(bulk));
        }
        _ => {}
    }
}

fn ran(event: &Event) {
    match event {
        Event::PerformStarted(job) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            let enqueued = job.enqueued_at.map(|at| format!(" enqueued at {at}")).unwrap_or_default();
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performing {name} (Job ID: {id}) from {queue}{enqueued}{}", arguments(job));
        }
        Event::Performed(job, took) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performed {name} (Job ID: {id}) from {queue} in {:.2}ms", took.as_secs_f64() * 1000.0);
        }
        Event::PerformHalted(job) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, attempt,
                "Error performing {name} (Job ID: {id}) from {queue}, a before_perform callback halted it");
        }
        Event::RanSlowly(job, took) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, %queue, attempt, "{name} (Job ID: {id}) runs for longer than {took:.1?}");
        }
        _ => {}
    }
}

fn retried(job: &JobRef, wait: Duration, error: &ErrorRecord) {
    let JobRef { name, id, queue, attempt, .. } = job;
    info!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
        "Retrying {name} (Job ID: {id}) after {} in {wait:.1?}, due to {}", attempts(*attempt), cause(error));
}

fn of_process(event: &Event) {
    match event {
        Event::StoreFailed { operation, message } => {
            error!(target: "jobs", operation, "The store failed to {operation}: {message}");
        }
        Event::RecurringEnqueued { key, at, job } => {
            debug!(target: "jobs", task = %key, %at, id = %job, "Took the tick of {at} for the recurring task {key}");
        }
        Event::RecurringSkipped { key, ticks, until } => {
            warn!(target: "jobs", task = %key, ticks, %until,
                "Left out {} of the recurring task {key} up to {until}", of_ticks(*ticks));
        }
        Event::Fenced(id) => warn!(target: "jobs", %id, "A settlement came too late; another process has the job"),
        Event::NotCommitted(id) => warn!(target: "jobs", %id,
            "The transaction in which the job was completed was not committed, though it returned no error; it is retried"),
        Event::Revived(process) => {
            warn!(target: "jobs", %process, "This process was silent and lost its jobs to others; it goes on");
        }
        Event::Recovered { processes, ready, poisoned } => {
            warn!(target: "jobs", processes = processes.len(), ready, poisoned = poisoned.len(), "Recovered the jobs of dead processes");
        }
        Event::RuntimeStarted(process) => info!(target: "jobs", %process, "Started"),
        Event::RuntimeQuieted(process) => info!(target: "jobs", %process, "Claims no more"),
        Event::RuntimeStopped(process, returned) => info!(target: "jobs", %process, returned, "Stopped"),
        other => debug!(target: "jobs", event = other.name()),
    }
}

fn of_ticks(count: u32) -> String {
    if count == 1 { "1 tick".to_owned() } else { format!("{count} ticks") }
}

fn failed(job: &JobRef, error: &ErrorRecord, what: &str, more: &str) {
    let JobRef { name, id, queue, attempt, .. } = job;
    error!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
        "{what} {name} (Job ID: {id}) due to {}{more}", cause(error));
}

/// The end of a line that shows arguments; empty if there are none or they are hidden.
fn arguments(job: &JobRef) -> String {
    match job.arguments.as_str() {
        "{}" | "null" | "[]" | jobs_core::HIDDEN => String::new(),
        arguments => format!(" with arguments: {arguments}"),
    }
}

/// An error as Active Job writes it: `shop::PaymentError (declined)`.
fn cause(error: &ErrorRecord) -> String {
    format!("{} ({})", error.class, error.message)
}

/// The same with its causes, in place of the backtrace that Ruby would show.
fn chain(error: &ErrorRecord) -> String {
    let own = cause(error);
    let causes = std::iter::once(own.as_str()).chain(error.causes.iter().map(String::as_str));
    causes.collect::<Vec<_>>().join(", caused by: ")
}
