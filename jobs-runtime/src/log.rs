//! The one place that decides words and levels of log lines, by `tracing` under the target `jobs`.

use std::sync::Arc;

use jobs_core::{ErrorRecord, Event, JobRef};
use tracing::{Level, debug, enabled, error, info, warn};

use crate::events::Subscription;

pub(crate) fn subscription() -> Subscription {
    Subscription { watcher: Arc::new(write), listens: || enabled!(target: "jobs", Level::ERROR) }
}

fn write(event: &Event) {
    match event {
        Event::Failed(job, error) => about(job, error, "failed for good"),
        Event::RetryStopped(job, error) => about(job, error, "stopped retrying"),
        Event::Discarded(job, error) => about(job, error, "discarded"),
        Event::Rescued(job, error) => about(job, error, "rescued"),
        Event::CallbackFailed(job, error) => about(job, error, "a function told of a failure failed itself"),
        Event::RetryScheduled { job, wait, error } => {
            warn!(target: "jobs", job = %job.name, id = %job.id, queue = %job.queue, attempt = job.attempt,
                error = %error.message, "Retrying {} in {wait:.1?}", job.name);
        }
        Event::NameUnknown(job) => {
            error!(target: "jobs", job = %job.name, id = %job.id, queue = %job.queue,
                "No job named `{}` is registered here; it stays in the store", job.name);
        }
        Event::StoreFailed { operation, message } => {
            error!(target: "jobs", operation, "The store failed to {operation}: {message}");
        }
        Event::Fenced(id) => warn!(target: "jobs", %id, "A settlement came too late; another process has the job"),
        Event::Revived(process) => warn!(target: "jobs", %process, "This process was thought dead and goes on"),
        Event::RanSlowly(job, took) => {
            warn!(target: "jobs", job = %job.name, id = %job.id, "{} has run for {took:.1?}", job.name);
        }
        other => write_calm(other),
    }
}

fn write_calm(event: &Event) {
    match event {
        Event::Enqueued(job) => {
            info!(target: "jobs", job = %job.name, id = %job.id, queue = %job.queue, "Enqueued {}", job.name);
        }
        Event::EnqueuedAt(job, at) => {
            info!(target: "jobs", job = %job.name, id = %job.id, queue = %job.queue, ?at, "Enqueued {} for later", job.name);
        }
        Event::EnqueuedAll(count) => info!(target: "jobs", count, "Enqueued {count} jobs"),
        Event::PerformStarted(job) => {
            info!(target: "jobs", job = %job.name, id = %job.id, queue = %job.queue, attempt = job.attempt, "Performing {}", job.name);
        }
        Event::Performed(job, took) => {
            info!(target: "jobs", job = %job.name, id = %job.id, queue = %job.queue, attempt = job.attempt,
                "Performed {} in {took:.1?}", job.name);
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

fn about(job: &JobRef, error: &ErrorRecord, what: &str) {
    error!(target: "jobs", job = %job.name, id = %job.id, queue = %job.queue, attempt = job.attempt,
        class = %error.class, error = %error.message, "{} {what}", job.name);
}
