//! The one place that decides words and levels of log lines, by `tracing` under the target `jobs`.
//!
//! The lines are those of Active Job where it has them; what they name also stands in fields.

use std::sync::Arc;

use jobs_core::{ErrorRecord, Event, JobRef};
use tracing::{Level, debug, enabled, error, info, warn};

use crate::events::Subscription;

pub(crate) fn subscription() -> Subscription {
    Subscription { watcher: Arc::new(write), listens: || enabled!(target: "jobs", Level::ERROR) }
}

fn write(event: &Event) {
    match event {
        Event::Enqueued(..) | Event::EnqueuedAt(..) | Event::EnqueueHalted(_) | Event::EnqueuedAll(_) => {
            enqueued(event);
        }
        Event::PerformStarted(_) | Event::Performed(..) | Event::PerformHalted(_) | Event::RanSlowly(..) => ran(event),
        Event::RetryScheduled { job, wait, error } => {
            let JobRef { name, id, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, queue = %job.queue, attempt, class = %error.class, error = %error.message,
                "Retrying {name} (Job ID: {id}) after {attempt} attempts in {wait:.1?}, due to {}", cause(error));
        }
        Event::RetryStopped(job, error) => {
            let what = format!(", which reoccurred on {} attempts", job.attempt);
            failed(job, error, "Stopped retrying", &what);
        }
        Event::Failed(job, error) => failed(job, error, "Failed for good", ""),
        Event::Discarded(job, error) => failed(job, error, "Discarded", ""),
        Event::Rescued(job, error) => failed(job, error, "Rescued", ""),
        Event::CallbackFailed(job, error) => failed(job, error, "A function that was to be told failed itself for", ""),
        Event::CarriedUnread(job, unread) => {
            let JobRef { name, id, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, attempt, key = %unread.key,
                "{name} (Job ID: {id}) runs without `{}`, which cannot be read: {}", unread.key, unread.message);
        }
        Event::NameUnknown(job) => {
            let JobRef { name, id, queue, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, "No job named `{name}` is registered here; it stays in the store");
        }
        other => of_process(other),
    }
}

fn enqueued(event: &Event) {
    match event {
        Event::Enqueued(job) => {
            let JobRef { name, id, queue, arguments, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue,
                "Enqueued {name} (Job ID: {id}) to {queue} with arguments: {arguments}");
        }
        Event::EnqueuedAt(job, at) => {
            let JobRef { name, id, queue, arguments, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, %at,
                "Enqueued {name} (Job ID: {id}) to {queue} at {at} with arguments: {arguments}");
        }
        Event::EnqueueHalted(job) => {
            let JobRef { name, queue, .. } = job;
            info!(target: "jobs", job = %name, %queue,
                "Failed enqueuing {name} to {queue}, a before_enqueue callback halted it");
        }
        Event::EnqueuedAll(bulk) => info!(target: "jobs", count = bulk.stored, "Enqueued {} jobs", bulk.stored),
        _ => {}
    }
}

fn ran(event: &Event) {
    match event {
        Event::PerformStarted(job) => {
            let JobRef { name, id, queue, attempt, arguments, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performing {name} (Job ID: {id}) from {queue} with arguments: {arguments}");
        }
        Event::Performed(job, took) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performed {name} (Job ID: {id}) from {queue} in {took:.2?}");
        }
        Event::PerformHalted(job) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, attempt,
                "Halted {name} (Job ID: {id}) from {queue}, a before_perform callback stopped it");
        }
        Event::RanSlowly(job, took) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, %queue, attempt, "{name} (Job ID: {id}) runs for longer than {took:.1?}");
        }
        _ => {}
    }
}

fn of_process(event: &Event) {
    match event {
        Event::StoreFailed { operation, message } => {
            error!(target: "jobs", operation, "The store failed to {operation}: {message}");
        }
        Event::Fenced(id) => warn!(target: "jobs", %id, "A settlement came too late; another process has the job"),
        Event::Revived(process) => warn!(target: "jobs", %process, "This process was thought dead and goes on"),
        Event::Recovered { processes, ready, poisoned } => {
            warn!(target: "jobs", processes = processes.len(), ready, poisoned = poisoned.len(), "Recovered the jobs of dead processes");
        }
        Event::RuntimeStarted(process) => info!(target: "jobs", %process, "Started"),
        Event::RuntimeQuieted(process) => info!(target: "jobs", %process, "Claims no more"),
        Event::RuntimeStopped(process, returned) => info!(target: "jobs", %process, returned, "Stopped"),
        other => debug!(target: "jobs", event = other.name()),
    }
}

fn failed(job: &JobRef, error: &ErrorRecord, what: &str, more: &str) {
    let JobRef { name, id, queue, attempt, .. } = job;
    error!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
        "{what} {name} (Job ID: {id}) due to {}{more}", cause(error));
}

/// An error as Active Job writes it: `shop::PaymentError (declined)`.
fn cause(error: &ErrorRecord) -> String {
    format!("{} ({})", error.class, error.message)
}
