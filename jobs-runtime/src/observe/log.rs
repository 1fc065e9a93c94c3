//! All log lines and their levels, by `tracing` under the target `jobs`.
//!
//! Where Active Job has a line, it is the same here. The values in the text are also in fields.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jobs_core::events::{RanSlowly, RetryScheduled};
use jobs_core::repeats::RepeatLimit;
use jobs_core::{
    Clock, ErrorRecord, Event, Execution, JobId, JobRef, LogText, ProcessOrder, SlowReason, Timeout, events,
    format_duration,
};
use tracing::field::Empty;
use tracing::level_filters::LevelFilter;
use tracing::{Level, Span, enabled, info_span};

use crate::guard::ignore_panic;
use crate::observe::events::EventSubscription;
use crate::observe::{job_span, log_enqueue, log_repeats};

/// The subscriber of a runtime over this adapter that writes log lines.
pub(crate) fn subscription(adapter: &'static str, clock: &Arc<dyn Clock>) -> EventSubscription {
    let listens = || LevelFilter::current() >= Level::ERROR && is_enabled();
    let log = Log { adapter, clock: Arc::clone(clock), repeats: Mutex::default() };
    EventSubscription { watcher: Arc::new(move |event| log.write(event)), listens, reads_arguments: true }
}

/// Asks the subscriber, which is foreign code and may panic.
fn is_enabled() -> bool {
    ignore_panic(|| enabled!(target: "jobs", Level::ERROR)).unwrap_or(false)
}

struct Log {
    /// The adapter's name, as `Postgres`.
    adapter: &'static str,
    clock: Arc<dyn Clock>,
    repeats: Mutex<RepeatLimit>,
}

impl Log {
    fn write(&self, event: &Event) {
        if let Some(cause) = log_repeats::cause(event) {
            let mut repeats = self.repeats.lock().unwrap_or_else(PoisonError::into_inner);
            let admitted = repeats.admit(&cause, self.clock.now());
            drop(repeats);
            if let Some(left_out) = admitted {
                log_repeats::write(event, self.adapter, left_out);
            }
        } else if !log_enqueue::write(event, self.adapter) {
            write(event, self.adapter);
        }
    }
}

/// The target and the name of the span around one perform.
pub(crate) const TARGET: &str = "jobs";
pub(crate) const SPAN: &str = "perform";

/// The span around one perform.
pub(crate) fn span(job: &str, execution: &Execution) -> Span {
    job_span::created(|| {
        info_span!(target: TARGET, SPAN,
            job = &*LogText::field(job).to_string(), id = %execution.id(), queue = %LogText::field(&execution.queue),
            attempt = execution.attempt, otel.name = Empty, otel.kind = Empty, otel.status_code = Empty,
            otel.status_description = Empty)
    })
}

/// Records in the span of a perform that it failed.
pub(crate) fn span_failed(class: &str) {
    ignore_panic(|| {
        let span = Span::current();
        span.record("otel.status_code", "ERROR").record("otel.status_description", &*LogText::field(class).to_string());
    });
}

/// A worker was asked to run no job at once.
pub(crate) fn no_slots(queues: &str) {
    warn!(target: "jobs", "The worker of the queues {queues} has `concurrency(0)`, which is read as 1. To run no jobs, leave \
        the worker out");
}

/// The default time-out is zero.
pub(crate) fn no_default_timeout() {
    warn!(target: "jobs", "`default_timeout` is zero, which would stop each job where it first awaits; it is read as \
        `Timeout::Never`. Write that, or a time");
}

/// A rule of a job allows no attempt.
pub(crate) fn no_attempts(job: &str) {
    warn!(target: "jobs", job = %job, "A rule of the job `{job}` has `attempts(0)`, which is read as 1: the job is not retried");
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

/// A person asked this process to be quiet or to stop, through the store.
pub(crate) fn asked(order: ProcessOrder) {
    match order {
        ProcessOrder::Quiet => info!(target: "jobs", "Claims no more jobs: a person asked for it through the store"),
        ProcessOrder::Stop => info!(target: "jobs", "Stopping: a person asked for it through the store"),
    }
}

/// A person cancelled a job of this process, through the store.
pub(crate) fn cancelled(job: JobId) {
    info!(target: "jobs", %job, "Cancels a job: a person asked for it through the store");
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

/// Finished jobs are kept longer than the program asks.
pub(crate) fn finished_are_kept_longer(asked: Duration, kept: Duration) {
    let (asked, kept) = (format_duration(asked), format_duration(kept));
    warn!(target: "jobs", "`keep_finished` is {asked}, but finished jobs are kept for {kept}: until then a repeated enqueue is \
        recognized by their ids. Set `keep_finished` to {kept} or more");
}

/// How long jobs may run that do not say it themselves.
pub(crate) fn default_timeout(timeout: Timeout, jobs: usize) {
    let Timeout::After(limit) = timeout else { return };
    info!(target: "jobs", jobs, "Jobs without a time-out of their own ({jobs} here) are stopped after {}: give a job that may \
        run longer `timeout = ..` or `timeout = none`, or change `default_timeout`", format_duration(limit));
}

fn write(event: &Event, adapter: &str) {
    match event {
        Event::PerformStarted(_) | Event::Performed(_) | Event::PerformHalted(_) => ran(event, adapter),
        Event::RanSlowly(event) => slow(event),
        Event::Snoozed(events::Snoozed { job, wait, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, attempt, "Snoozed {name} (Job ID: {id}) for {wait:.1?}");
        }
        Event::RetryScheduled(event) => retried(event),
        Event::RetryStopped(events::RetryStopped { job, error, .. }) => {
            let what = format!(", which reoccurred on {}", attempts(job.attempt));
            failed(job, error, "Stopped retrying", &what);
        }
        Event::Failed(event) => failed_for_good(event, adapter, ""),
        Event::Discarded(event) => failed(&event.job, &event.error, "Discarded", ""),
        Event::Rescued(event) => failed(&event.job, &event.error, "Rescued", ""),
        Event::CallbackFailed(event) => failed(&event.job, &event.error, "A callback failed for", ""),
        other => of_process(other),
    }
}

/// A job failed for good; `more` is the end of the line.
pub(crate) fn failed_for_good(event: &events::Failed, adapter: &str, more: &str) {
    let events::Failed { job, error, .. } = event;
    let JobRef { name, id, queue, attempt, .. } = job;
    error!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
        "Error performing {name} (Job ID: {id}) from {adapter}({queue}) in {}ms: {}{more}", error.duration_ms, chain(error));
}

fn attempts(number: u32) -> String {
    if number == 1 { "1 attempt".to_owned() } else { format!("{number} attempts") }
}

fn ran(event: &Event, adapter: &str) {
    match event {
        Event::PerformStarted(events::PerformStarted { job, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            let enqueued = job.enqueued_at.map(|at| format!(" enqueued at {at}")).unwrap_or_default();
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performing {name} (Job ID: {id}) from {adapter}({queue}){enqueued}{}", arguments(job));
        }
        Event::Performed(events::Performed { job, duration, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            info!(target: "jobs", job = %name, %id, %queue, attempt,
                "Performed {name} (Job ID: {id}) from {adapter}({queue}) in {:.2}ms", duration.as_secs_f64() * 1000.0);
        }
        Event::PerformHalted(events::PerformHalted { job, .. }) => {
            let JobRef { name, id, queue, attempt, .. } = job;
            error!(target: "jobs", job = %name, %id, %queue, attempt,
                "Error performing {name} (Job ID: {id}) from {adapter}({queue}), a before_perform callback halted it");
        }
        _ => {}
    }
}

fn slow(event: &RanSlowly) {
    let RanSlowly { job, duration, reason, step, .. } = event;
    let JobRef { name, id, queue, attempt, .. } = job;
    let why = match reason {
        SlowReason::Unusual { longest } => {
            format!("; the longest of its recent attempts here took {}", format_duration(*longest))
        }
        SlowReason::TimeoutNear { timeout } => format!("; its time-out stops it after {}", format_duration(*timeout)),
        _ => String::new(),
    };
    let at = step.as_ref().map(|step| format!("; it is at the step `{step}`")).unwrap_or_default();
    let step = step.as_deref().unwrap_or_default();
    warn!(target: "jobs", job = %name, %id, %queue, attempt, step = %step,
        "{name} (Job ID: {id}) runs for longer than {duration:.1?}{why}{at}");
}

fn retried(event: &RetryScheduled) {
    let RetryScheduled { job, wait, error, .. } = event;
    let JobRef { name, id, queue, attempt, .. } = job;
    info!(target: "jobs", job = %name, %id, %queue, attempt, class = %error.class, error = %error.message,
        "Retrying {name} (Job ID: {id}) after {} in {wait:.1?}, due to {}", attempts(*attempt), cause(error));
}

fn of_process(event: &Event) {
    match event {
        Event::RecurringEnqueued(events::RecurringEnqueued { key, at, job_id, .. }) => {
            debug!(target: "jobs", task = %key, %at, id = %job_id, "Took the tick of {at} for the recurring task {key}");
        }
        Event::RecurringSkipped(events::RecurringSkipped { key, ticks, until, .. }) => {
            warn!(target: "jobs", task = %key, ticks, %until,
                "Left out {} of the recurring task {key} up to {until}", of_ticks(*ticks));
        }
        Event::NotCommitted(event) => warn!(target: "jobs", id = %event.job_id,
            "The transaction in which the job was completed was not committed, though it returned no error; it is retried"),
        Event::SettlementRefused(events::SettlementRefused { job_id, is_replaced, message, .. }) => {
            let then = if *is_replaced {
                "another end is written instead"
            } else {
                "it is tried again until this process stops"
            };
            error!(target: "jobs", id = %job_id, "The store refused to write how the job {job_id} ended, {then}: {message}");
        }
        Event::Revived(event) => {
            warn!(target: "jobs", process = %event.process, "This process was silent and lost its jobs to others; it goes on");
        }
        Event::Recovered(events::Recovered { processes, ready, poisoned, .. }) => {
            warn!(target: "jobs", processes = processes.len(), ready, poisoned = poisoned.len(), "Recovered the jobs of dead processes");
        }
        Event::LoopStalled(_) | Event::RuntimeStalled(_) => stalled(event),
        Event::RuntimeStarted(event) => started(event),
        Event::RuntimeQuieted(event) => info!(target: "jobs", process = %event.process, "Claims no more"),
        Event::RuntimeStopped(events::RuntimeStopped { process, returned, .. }) => {
            info!(target: "jobs", %process, returned, "Stopped");
        }
        Event::ManuallyChanged(change) => changed_manually(change),
        // Its line is that of its outcome.
        Event::AttemptEnded(_) => {}
        other => debug!(target: "jobs", event = %other.name(), "{}", other.name()),
    }
}

/// As `Started: queues mail, * (10 jobs at once, 2 of mail); store sqlite:jobs.db; environment production`.
fn started(event: &events::RuntimeStarted) {
    let events::RuntimeStarted { process, workers, store, environment, .. } = event;
    let workers = workers.iter().map(|worker| {
        let at_once = if worker.concurrency == 1 { "1 job".to_owned() } else { format!("{} jobs", worker.concurrency) };
        let limits = worker.at_most.iter().map(|(queue, at_most)| format!("{at_most} of {queue}"));
        let at_once: Vec<_> = std::iter::once(format!("{at_once} at once")).chain(limits).collect();
        format!("queues {} ({})", worker.queues.join(", "), at_once.join(", "))
    });
    let store = (!store.is_empty()).then(|| format!("store {store}"));
    let parts: Vec<_> =
        workers.chain(store).chain(environment.as_ref().map(|name| format!("environment {name}"))).collect();
    info!(target: "jobs", %process, "Started: {}", parts.join("; "));
}

fn stalled(event: &Event) {
    match event {
        Event::LoopStalled(events::LoopStalled { name, duration, .. }) => {
            error!(target: "jobs", name = %name, "The {name} loop has not turned for {duration:.0?}: the store does not answer it, or it \
                has no thread to run on");
        }
        Event::RuntimeStalled(events::RuntimeStalled { duration, jobs, .. }) => {
            let names: Vec<_> = jobs.iter().map(|job| format!("{} (Job ID: {})", job.name, job.id)).collect();
            let names = names.join(", ");
            let running = if names.is_empty() { "no job, but other code of the program" } else { names.as_str() };
            warn!(target: "jobs", jobs = %names, "The tokio runtime stood still for {duration:.0?}; running on it: \
                {running}. Use `#[job(blocking)]` for code that blocks or computes for long");
        }
        _ => {}
    }
}

/// As the dashboard writes its audit records.
fn changed_manually(change: &events::ManuallyChanged) {
    let (object, actor) = (change.object(), change.actor.as_deref().unwrap_or("-"));
    info!(target: "jobs::audit", actor = %actor, action = %change.action, object = %object, changed = change.changed, "{change}");
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
pub(crate) fn arguments(job: &JobRef) -> String {
    match job.arguments.as_str() {
        "{}" | "null" | "[]" | jobs_core::HIDDEN => String::new(),
        arguments => format!(" with arguments: {arguments}"),
    }
}

/// An error as Active Job writes it: `shop::PaymentError (declined)`.
pub(crate) fn cause(error: &ErrorRecord) -> String {
    format!("{} ({})", error.class, error.message)
}

/// The same with its causes, in place of the backtrace that Ruby would show.
fn chain(error: &ErrorRecord) -> String {
    let own = cause(error);
    let causes = std::iter::once(own.as_str()).chain(error.causes.iter().map(String::as_str));
    causes.collect::<Vec<_>>().join(", caused by: ")
}
