//! All log lines and their levels, by `tracing` under the target `jobs`.
//!
//! Where Active Job has a line, it is the same here. The values in the text are also in fields.

use std::sync::Arc;

use jobs_core::events::{LoopRestarted, RetryScheduled};
use jobs_core::{Bulk, ErrorRecord, Event, Execution, JobRef, events};
use tracing::field::Empty;
use tracing::{Level, Span, debug, enabled, error, info, info_span, warn};

use crate::observe::events::EventSubscription;

pub(crate) fn subscription() -> EventSubscription {
    let listens = || enabled!(target: "jobs", Level::ERROR);
    EventSubscription { watcher: Arc::new(write), listens, reads_arguments: true }
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

/// A worker was asked to run no job at once.
pub(crate) fn no_slots(queues: &str) {
    warn!(target: "jobs", "The worker of the queues {queues} has `concurrency(0)`, which is read as 1. To run no jobs, leave \
        the worker out");
}

/// A rule of a job allows no attempt.
pub(crate) fn no_attempts(job: &str) {
    warn!(target: "jobs", job, "A rule of the job `{job}` has `attempts(0)`, which is read as 1: the job is not retried");
}

/// Another client takes the place of the installed one.
pub(crate) fn client_replaced() {
    warn!(target: "jobs", "Another client was installed for this process and is replaced: from now on `perform_later` uses the \
        new one. Install one client, or name the client with `.on(&client)`");
}

/// The runtime stops although no code asked it to.
pub(crate) fn handle_dropped() {
    warn!(target: "jobs", "Stopping: the handle was dropped. Keep the `RuntimeHandle` for as long as jobs are to run, or \
        await `Runtime::run`");
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

fn write(event: &Event) {
    match event {
        Event::Enqueued(_) | Event::EnqueuedAt(_) | Event::EnqueuedAll(_) => enqueued(event),
        Event::EnqueueHalted(_) | Event::EnqueueFailed(_) | Event::EnqueueDeduplicated(_) => not_enqueued(event),
        Event::EnqueuedWithin(_) | Event::EnqueuedAllWithin(_) => enqueued_within(event),
        Event::PerformStarted(_) | Event::Performed(_) | Event::PerformHalted(_) | Event::RanSlowly(_) => ran(event),
        Event::RetryScheduled(event) => retried(event),
        Event::RetryStopped(events::RetryStopped { job, error, .. }) => {
            let what = format!(", which reoccurred on {}", attempts(job.attempt));
            failed(job, error, "Stopped retrying", &what);
        }
        Event::Failed(events::Failed { job, error, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
                "Error performing {name} (Job ID: {id}) from {queue} in {}ms: {}", error.duration_ms, chain(error));
        }
        Event::Discarded(event) => failed(&event.job, &event.error, "Discarded", ""),
        Event::Rescued(event) => failed(&event.job, &event.error, "Rescued", ""),
        Event::CallbackFailed(event) => failed(&event.job, &event.error, "A callback failed for", ""),
        Event::PropagationFailed(events::PropagationFailed { job, error, .. }) => {
            let JobRef { name, id, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, attempt, key = %error.key,
                "{name} (Job ID: {id}) runs without `{}`, which cannot be read: {}", error.key, error.message);
        }
        Event::NameUnknown(events::NameUnknown { job, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, "No job named `{name}` is registered here; it stays in the store");
        }
        Event::VersionUnknown(events::VersionUnknown { job, version, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, version,
                "The arguments of {name} (Job ID: {id}) are of version {version}, which a newer program wrote; it stays in the store");
        }
        other => of_process(other),
    }
}

fn enqueued(event: &Event) {
    match event {
        Event::Enqueued(events::Enqueued { job, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue,
                "Enqueued {name} (Job ID: {id}) to {queue}{}", arguments(job));
        }
        Event::EnqueuedAt(events::EnqueuedAt { job, at, .. }) => {
            let JobRef { name, id, queue, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, %at,
                "Enqueued {name} (Job ID: {id}) to {queue} at {at}{}", arguments(job));
        }
        Event::EnqueuedAll(events::EnqueuedAll { bulk, .. }) => {
            info!(target: "jobs", count = bulk.stored, failed = bulk.failed, "{}", of_bulk(bulk));
        }
        _ => {}
    }
}

fn not_enqueued(event: &Event) {
    match event {
        Event::EnqueueHalted(events::EnqueueHalted { job, .. }) => {
            let JobRef { name, queue, .. } = job;
            info!(target: "jobs", job = %name, %queue,
                "Failed enqueuing {name} to {queue}, a before_enqueue callback halted it");
        }
        Event::EnqueueFailed(events::EnqueueFailed { job, error, .. }) => {
            let JobRef { name, queue, .. } = job;
            error!(target: "jobs", job = %name, %queue, class = %error.class, error = %error.message,
                "Failed enqueuing {name} to {queue}: {}", cause(error));
        }
        Event::EnqueueDeduplicated(events::EnqueueDeduplicated { job, of, .. }) => {
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
        Event::EnqueuedWithin(events::EnqueuedWithin { job, .. }) => {
            let JobRef { name, id, queue, arguments, .. } = job;
            let at = job.at.map(|at| format!(" at {at}")).unwrap_or_default();
            info!(target: "jobs", job = %name, %id, %queue,
                "Enqueued {name} (Job ID: {id}) to {queue}{at} with arguments: {arguments}, if its transaction commits");
        }
        Event::EnqueuedAllWithin(events::EnqueuedAllWithin { bulk, .. }) => {
            info!(target: "jobs", count = bulk.stored, "{}, if their transaction commits", of_bulk(bulk));
        }
        _ => {}
    }
}

fn ran(event: &Event) {
    match event {
        Event::PerformStarted(events::PerformStarted { job, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            let enqueued = job.enqueued_at.map(|at| format!(" enqueued at {at}")).unwrap_or_default();
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performing {name} (Job ID: {id}) from {queue}{enqueued}{}", arguments(job));
        }
        Event::Performed(events::Performed { job, duration, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performed {name} (Job ID: {id}) from {queue} in {:.2}ms", duration.as_secs_f64() * 1000.0);
        }
        Event::PerformHalted(events::PerformHalted { job, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, attempt,
                "Error performing {name} (Job ID: {id}) from {queue}, a before_perform callback halted it");
        }
        Event::RanSlowly(events::RanSlowly { job, duration, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            warn!(target: "jobs", job = %name, %id, %queue, attempt, "{name} (Job ID: {id}) runs for longer than {duration:.1?}");
        }
        _ => {}
    }
}

fn retried(event: &RetryScheduled) {
    let RetryScheduled { job, wait, error, .. } = event;
    let JobRef { name, id, queue, attempt, .. } = job;
    info!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
        "Retrying {name} (Job ID: {id}) after {} in {wait:.1?}, due to {}", attempts(*attempt), cause(error));
}

fn of_process(event: &Event) {
    match event {
        Event::StoreFailed(events::StoreFailed { operation, message, .. }) => {
            error!(target: "jobs", operation, "The store failed to {operation}: {message}");
        }
        Event::RecurringEnqueued(events::RecurringEnqueued { key, at, job_id, .. }) => {
            debug!(target: "jobs", task = %key, %at, id = %job_id, "Took the tick of {at} for the recurring task {key}");
        }
        Event::RecurringSkipped(events::RecurringSkipped { key, ticks, until, .. }) => {
            warn!(target: "jobs", task = %key, ticks, %until,
                "Left out {} of the recurring task {key} up to {until}", of_ticks(*ticks));
        }
        Event::Fenced(event) => {
            warn!(target: "jobs", id = %event.job_id, "A settlement came too late; another process has the job");
        }
        Event::NotCommitted(event) => warn!(target: "jobs", id = %event.job_id,
            "The transaction in which the job was completed was not committed, though it returned no error; it is retried"),
        Event::Revived(event) => {
            warn!(target: "jobs", process = %event.process, "This process was silent and lost its jobs to others; it goes on");
        }
        Event::Recovered(events::Recovered { processes, ready, poisoned, .. }) => {
            warn!(target: "jobs", processes = processes.len(), ready, poisoned = poisoned.len(), "Recovered the jobs of dead processes");
        }
        Event::LoopRestarted(events::LoopRestarted { name, message, after, .. }) if message == LoopRestarted::ENDED => {
            error!(target: "jobs", name, "The {name} loop ended too early and restarts in {after:?}");
        }
        Event::LoopRestarted(events::LoopRestarted { name, message, after, .. }) => {
            error!(target: "jobs", name, panic = %message, "The {name} loop panicked and restarts in {after:?}: {message}");
        }
        Event::LoopStalled(_) | Event::RuntimeStalled(_) => stalled(event),
        Event::RuntimeStarted(event) => started(event),
        Event::RuntimeQuieted(event) => info!(target: "jobs", process = %event.process, "Claims no more"),
        Event::RuntimeStopped(events::RuntimeStopped { process, returned, .. }) => {
            info!(target: "jobs", %process, returned, "Stopped");
        }
        other => debug!(target: "jobs", event = other.name()),
    }
}

/// As `Started: queues mail, * (10 jobs at once); store sqlite:jobs.db; environment production`.
fn started(event: &events::RuntimeStarted) {
    let events::RuntimeStarted { process, workers, store, environment, .. } = event;
    let workers = workers.iter().map(|worker| {
        let at_once = if worker.concurrency == 1 { "1 job".to_owned() } else { format!("{} jobs", worker.concurrency) };
        format!("queues {} ({at_once} at once)", worker.queues.join(", "))
    });
    let store = (!store.is_empty()).then(|| format!("store {store}"));
    let parts: Vec<_> =
        workers.chain(store).chain(environment.as_ref().map(|name| format!("environment {name}"))).collect();
    info!(target: "jobs", %process, "Started: {}", parts.join("; "));
}

fn stalled(event: &Event) {
    match event {
        Event::LoopStalled(events::LoopStalled { name, duration, .. }) => {
            error!(target: "jobs", name, "The {name} loop has not turned for {duration:.0?}: the store does not answer it, or it \
                has no thread to run on");
        }
        Event::RuntimeStalled(events::RuntimeStalled { duration, jobs, .. }) => {
            let names: Vec<_> = jobs.iter().map(|job| format!("{} (Job ID: {})", job.name, job.id)).collect();
            let running = match &names[..] {
                [] => "no job, but other code of the program".to_owned(),
                names => names.join(", "),
            };
            warn!(target: "jobs", jobs = %names.join(", "), "The tokio runtime stood still for {duration:.0?}; running on it: \
                {running}. Use `#[job(blocking)]` for code that blocks or computes for long");
        }
        _ => {}
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
