//! The history of one job: when it was enqueued, each attempt with its error, and what it waits for now.

use std::time::Duration;

use jobs_core::{ErrorRecord, JobRecord, State, Timestamp, format_duration, short_class};
use maud::{Markup, html};

use super::attempt_log::attempt_log;
use crate::pages::format::time;
use crate::pages::process_names::ProcessNames;
use crate::request::context::RequestContext;

/// What the history of a job is told from.
pub(super) struct Timeline<'a> {
    pub(super) ctx: &'a RequestContext,
    pub(super) job: &'a JobRecord,
    pub(super) processes: &'a ProcessNames,
    /// Whether its queue is paused; only read of a ready job.
    pub(super) is_paused: bool,
    pub(super) now: Timestamp,
}

impl Timeline<'_> {
    pub(super) fn show(&self) -> Markup {
        let (job, now) = (self.job, self.now);
        html! {
            ol.timeline {
                li { "Enqueued " (time(now, job.enqueued_at)) }
                @for (index, error) in job.errors.iter().enumerate() {
                    li.bad { (self.attempt(index, error)) }
                }
                (self.succeeded())
                li.(job.state) aria-current="step" { strong { (job.state) } (self.current()) }
            }
        }
    }

    fn attempt(&self, index: usize, error: &ErrorRecord) -> Markup {
        let before = index.checked_sub(1).and_then(|before| self.job.errors.get(before));
        html! {
            @if error.attempt > 0 { "Attempt " (error.attempt) " failed " } @else { "Failed " }
            (time(self.now, error.at))
            span.run {
                "ran " (format_duration(duration(error)))
                @if let Some(process) = error.process { " in " (self.processes.show(self.ctx, process)) }
                (self.began(error, before))
            }
            div.error dir="auto" {
                p { strong title=(error.class) { (short_class(&error.class)) } ": " (error.message) }
                @for cause in &error.causes { p.cause { "caused by " (cause) } }
            }
            (attempt_log(&format!("log-{index}"), error.log.as_deref()))
        }
    }

    /// The run that succeeded, if the store keeps when it was claimed.
    fn succeeded(&self) -> Markup {
        let (job, now) = (self.job, self.now);
        let Some((began, done)) = job.claimed_at.zip(job.done_at).filter(|_| job.state == State::Finished) else {
            return html! {};
        };
        let due = job.due_at.max(job.enqueued_at);
        html! {
            li.finished {
                "Attempt " (job.attempts) " succeeded " (time(now, done))
                span.run {
                    "took " (format_duration(done.duration_since(began))) " from its claim"
                    @if let Some(process) = job.finished_by { " in " (self.processes.show(self.ctx, process)) }
                    @if due <= began { ", waited " (format_duration(began.duration_since(due))) }
                }
                (attempt_log("log", job.log.as_deref()))
            }
        }
    }

    /// How long the attempt waited. Between the attempts of a job only the last due time is kept, so the time since the attempt
    /// before is told of the others.
    fn began(&self, error: &ErrorRecord, before: Option<&ErrorRecord>) -> Markup {
        let began = error.at - duration(error);
        let first_due = self.job.due_at.max(self.job.enqueued_at);
        match before {
            Some(before) if before.attempt.checked_add(1) == Some(error.attempt) => {
                let since = format_duration(began.duration_since(before.at));
                html! { ", began " (since) " after attempt " (before.attempt) }
            }
            None if error.attempt == 1 && self.job.attempts == 1 && first_due <= began => {
                html! { ", waited " (format_duration(began.duration_since(first_due))) }
            }
            _ => html! {},
        }
    }

    /// What the job does now, or what it waits for.
    fn current(&self) -> Markup {
        let (job, now) = (self.job, self.now);
        match job.state {
            State::Claimed => self.running(),
            State::Scheduled if job.due_at > now => html! {
                @if job.errors.is_empty() { ": waits for its time, " } @else { ": waits for its next attempt, " }
                (time(now, job.due_at))
            },
            State::Scheduled => {
                html! { ": due " (time(now, job.due_at)) ", waits for a process that makes due jobs ready" }
            }
            State::Ready if self.is_paused => {
                html! { ": waits since " (time(now, job.due_at)) ", because its queue is paused" }
            }
            State::Ready => html! { ": waits since " (time(now, job.due_at)) " for a process with a free slot" },
            State::Blocked => html! { ": waits for another job with the same concurrency key" },
            State::Failed => html! { ": runs again only if somebody retries it" },
            State::Finished => html! {
                @if let Some(done) = job.done_at { " " (time(now, done)) }
                " with attempt " (job.attempts) (self.total())
            },
            State::Discarded => html! { @if let Some(done) = job.done_at { " " (time(now, done)) } },
        }
    }

    fn running(&self) -> Markup {
        let (job, now) = (self.job, self.now);
        html! {
            ": attempt " (job.attempts)
            @if let Some(process) = job.claimed_by {
                " in " (self.processes.show(self.ctx, process))
                @if !self.processes.knows(process) { ", which has ended: the job will be given to another process" }
            }
            @if let Some(since) = job.claimed_at {
                ", since " (time(now, since))
                @if since >= job.due_at {
                    span.run { "waited " (format_duration(since.duration_since(job.due_at.max(job.enqueued_at)))) }
                }
            }
        }
    }

    /// The time from the enqueue to the end.
    fn total(&self) -> Markup {
        let total = self.job.done_at.map(|done| done.duration_since(self.job.enqueued_at));
        html! { @if let Some(total) = total { span.run { (format_duration(total)) " after it was enqueued" } } }
    }
}

fn duration(error: &ErrorRecord) -> Duration {
    Duration::from_millis(error.duration_ms)
}
