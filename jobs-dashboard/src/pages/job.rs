//! One job with all that is known of it.

use std::time::Duration;

use axum::extract::{Path, State};
use jobs_core::{Due, ErrorRecord, JobRecord, Meta, Timestamp, spoken};
use maud::{Markup, html};

use super::{Answer, Shared, form};
use crate::acts::found;
use crate::arguments::laid_out;
use crate::board::Board;
use crate::deed::Deed;
use crate::due::UNITS;
use crate::fields::address;
use crate::layout;
use crate::visit::Visit;
use crate::words::{number, time};

pub(crate) async fn job(State(board): Shared, visit: Visit, Path(id): Path<String>) -> Answer {
    let job = found(&board, &id).await?;
    let now = board.clock.now();
    let body = html! {
        h1 { (job.name) " " span class={ "badge " (job.state) } { (job.state) } }
        p.id { code { (job.id) } }
        @if !visit.read_only { (actions(&visit, &job)) }
        div.columns #job data-live {
            section aria-labelledby="facts" {
                h2 #facts { "Facts" }
                (facts(&visit, &job, now))
            }
            section aria-labelledby="timeline" {
                h2 #timeline { "Timeline" }
                (timeline(&job, now))
            }
        }
        section aria-labelledby="arguments" {
            h2 #arguments { "Arguments" }
            (arguments(&board, &job))
        }
        (travels(&board, &job))
    };
    Ok(layout::page(&visit, &format!("{} {}", job.name, job.id), true, &body))
}

fn actions(visit: &Visit, job: &JobRecord) -> Markup {
    let path = |deed: Deed| format!("/jobs/{}/{}", job.id, deed.verb());
    let later = Deed::Reschedule(Due::Now);
    html! {
        div.toolbar {
            @for deed in [Deed::Retry, Deed::Discard].into_iter().filter(|deed| deed.suits(job.state)) {
                (form(visit, &path(deed), &[], &html! { button { (deed.label(job.state)) } }))
            }
            @if later.suits(job.state) {
                details {
                    summary.button { "Reschedule" }
                    (form(visit, &path(later), &[], &when()))
                }
            }
        }
    }
}

/// The fields that say when.
pub(crate) fn when() -> Markup {
    html! {
        div.fields {
            label { "In " input type="number" name="in" min="0" max="999999" inputmode="numeric"; }
            label { span.unseen { "Unit" }
                select name="unit" { @for (unit, _) in UNITS { option selected[unit == "minutes"] { (unit) } } }
            }
            label { "or at (UTC) " input type="datetime-local" name="at"; }
            button.strong { "Reschedule" }
        }
    }
}

fn facts(visit: &Visit, job: &JobRecord, now: Timestamp) -> Markup {
    let queue = address(&visit.to("/jobs"), [("queue", job.queue.as_str())]);
    let name = address(&visit.to("/jobs"), [("name", job.name.as_str())]);
    html! {
        dl.facts {
            dt { "Job" } dd { a href=(name) { (job.name) } }
            dt { "Queue" } dd { a href=(queue) { (job.queue) } }
            dt { "Priority" } dd { (job.priority) }
            dt { "Attempts" } dd { (number(job.attempts.into())) }
            @if job.crashes > 0 { dt { "Crashes" } dd.bad { (number(job.crashes.into())) } }
            dt { "Enqueued" } dd { (time(now, job.enqueued_at)) }
            dt { "Due" } dd { (time(now, job.due_at)) }
            @if let Some(done) = job.done_at { dt { "Done" } dd { (time(now, done)) } }
            @if let Some(process) = job.claimed_by { dt { "Held by" } dd { code { (process) } } }
            @if let Some(expires) = job.expires_at { dt { "Expires" } dd { (time(now, expires)) } }
            dt { "Version" } dd { (job.version) }
            @for (name, value) in [
                ("Unique key", &job.unique_key), ("Concurrency key", &job.concurrency_key), ("Batch", &job.batch_id),
            ] {
                @if let Some(value) = value { dt { (name) } dd { code { (value) } } }
            }
        }
    }
}

fn timeline(job: &JobRecord, now: Timestamp) -> Markup {
    html! {
        ol.timeline {
            li { "Enqueued " (time(now, job.enqueued_at)) }
            @for error in &job.errors { li.bad { (failure(error, now)) } }
            li aria-current="step" {
                strong { (job.state) }
                @if let Some(done) = job.done_at { " " (time(now, done)) }
                @else if job.due_at > now { ", due " (time(now, job.due_at)) }
            }
        }
    }
}

fn failure(error: &ErrorRecord, now: Timestamp) -> Markup {
    let lasted = Duration::from_millis(error.duration_ms);
    html! {
        @if error.attempt > 0 { "Attempt " (error.attempt) " failed " } @else { "Failed " }
        (time(now, error.at)) " after " (spoken(lasted))
        @if let Some(process) = error.process { " in " code { (process) } }
        div.error {
            p { strong { (error.class) } ": " (error.message) }
            @for cause in &error.causes { p.cause { "caused by " (cause) } }
        }
    }
}

fn arguments(board: &Board, job: &JobRecord) -> Markup {
    let known = board.registry.as_ref().is_some_and(|registry| registry.find(&job.name).is_some());
    match board.visible_arguments(job) {
        Some(arguments) => html! { pre tabindex="0" { code { (laid_out(&arguments)) } } },
        None if known => html! { p.empty { "Not shown: the job says that they are secret." } },
        None => html! {
            p.empty { "Not shown: this program does not know the job, and so not what is secret in its arguments." }
        },
    }
}

/// What travels with the job besides its arguments.
fn travels(board: &Board, job: &JobRecord) -> Markup {
    let Some(text) = job.meta.as_deref() else { return html! {} };
    html! {
        section aria-labelledby="travels" {
            h2 #travels { "Travels with it" }
            @if board.shows_baggage(job) {
                pre tabindex="0" { code { (laid_out(text)) } }
            } @else if let Ok(meta) = Meta::parse(Some(text)) {
                (outline(&meta))
            } @else {
                p.empty { "Not readable." }
            }
        }
    }
}

/// What is no secret of it.
fn outline(meta: &Meta) -> Markup {
    html! {
        dl.facts {
            @for (rule, count) in &meta.exception_executions { dt { code { (rule) } } dd { (number((*count).into())) } }
            @if let Some(trace) = &meta.traceparent { dt { "Trace" } dd { code { (trace) } } }
            @if !meta.tags.is_empty() { dt { "Tags" } dd { (meta.tags.join(", ")) } }
        }
    }
}
