//! The page of one job.

use std::time::Duration;

use axum::extract::{Path, State};
use jobs_core::job::shown_unique_key;
use jobs_core::{Due, ErrorRecord, JobRecord, Meta, Timestamp, format_duration};
use maud::{Markup, html};

use super::format::{number, pretty_json, time};
use super::forms::{due_time_fields, form};
use super::layout;
use super::{PageResult, SharedState};
use crate::actions::job_action::JobAction;
use crate::actions::jobs::find_job;
use crate::app_state::AppState;
use crate::request::context::RequestContext;
use crate::request::fields::address;

pub(crate) async fn job(State(app): SharedState, ctx: RequestContext, Path(id): Path<String>) -> PageResult {
    let job = find_job(&app, &id).await?;
    let now = app.clock.now();
    let visible = app.visible_arguments(&job);
    let unique_key = shown_unique_key(&job, visible.as_deref());
    let body = html! {
        h1 { (job.name) " " span class={ "badge " (job.state) } { (job.state) } }
        p.id { code { (job.id) } }
        @if !ctx.read_only { (actions(&ctx, &job)) }
        div.columns #job data-live {
            section aria-labelledby="facts" {
                h2 #facts { "Facts" }
                (facts(&ctx, &job, unique_key, now))
            }
            section aria-labelledby="timeline" {
                h2 #timeline { "Timeline" }
                (timeline(&job, now))
            }
        }
        section aria-labelledby="arguments" {
            h2 #arguments { "Arguments" }
            (arguments(&app, &job, visible.as_deref()))
        }
        (propagated(&app, &job))
    };
    Ok(layout::page(&ctx, &format!("{} {}", job.name, job.id), true, &body))
}

fn actions(ctx: &RequestContext, job: &JobRecord) -> Markup {
    let path = |action: JobAction| format!("/jobs/{}/{}", job.id, action.verb());
    let later = JobAction::Reschedule(Due::Now);
    html! {
        div.toolbar {
            @for action in [JobAction::Retry, JobAction::Discard].into_iter().filter(|action| action.applies_to(job.state)) {
                (form(ctx, &path(action), &[], &html! { button { (action.label(job.state)) } }))
            }
            @if later.applies_to(job.state) {
                details {
                    summary.button { "Reschedule" }
                    (form(ctx, &path(later), &[], &due_time_fields()))
                }
            }
        }
    }
}

fn facts(ctx: &RequestContext, job: &JobRecord, unique_key: Option<&str>, now: Timestamp) -> Markup {
    let queue = address(&ctx.url("/jobs"), [("queue", job.queue.as_str())]);
    let name = address(&ctx.url("/jobs"), [("name", job.name.as_str())]);
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
            @if let Some(process) = job.claimed_by { dt { "Claimed by" } dd { code { (process) } } }
            @if let Some(expires) = job.expires_at { dt { "Expires" } dd { (time(now, expires)) } }
            dt { "Version" } dd { (job.version) }
            @for (name, value) in [
                ("Unique key", unique_key),
                ("Concurrency key", job.concurrency_key.as_deref()),
                ("Batch", job.batch_id.as_deref()),
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
            @for error in &job.errors { li.bad { (attempt(error, now)) } }
            li aria-current="step" {
                strong { (job.state) }
                @if let Some(done) = job.done_at { " " (time(now, done)) }
                @else if job.due_at > now { ", due " (time(now, job.due_at)) }
            }
        }
    }
}

fn attempt(error: &ErrorRecord, now: Timestamp) -> Markup {
    let duration = Duration::from_millis(error.duration_ms);
    html! {
        @if error.attempt > 0 { "Attempt " (error.attempt) " failed " } @else { "Failed " }
        (time(now, error.at)) " after " (format_duration(duration))
        @if let Some(process) = error.process { " in " code { (process) } }
        div.error {
            p { strong { (error.class) } ": " (error.message) }
            @for cause in &error.causes { p.cause { "caused by " (cause) } }
        }
    }
}

fn arguments(app: &AppState, job: &JobRecord, visible: Option<&str>) -> Markup {
    match visible {
        Some(arguments) => html! { pre tabindex="0" { code { (pretty_json(arguments)) } } },
        None if app.arguments.settings(&job.name).is_some() => {
            html! { p.empty { "Not shown: the definition of the job marks its arguments as secret." } }
        }
        None => html! {
            p.empty { "Not shown: this program does not know the job, so it cannot tell which of its arguments are secret." }
        },
    }
}

/// The values that were propagated from the caller to the job.
fn propagated(app: &AppState, job: &JobRecord) -> Markup {
    let Some(text) = job.meta.as_deref() else { return html! {} };
    html! {
        section aria-labelledby="propagated" {
            h2 #propagated { "Propagated values" }
            @if app.shows_propagated(job) {
                pre tabindex="0" { code { (pretty_json(text)) } }
            } @else if let Ok(meta) = Meta::parse(Some(text)) {
                (public_meta(&meta))
            } @else {
                p.empty { "The values cannot be read." }
            }
        }
    }
}

/// The values that are never secret.
fn public_meta(meta: &Meta) -> Markup {
    html! {
        dl.facts {
            @for (rule, count) in &meta.exception_executions { dt { code { (rule) } } dd { (number((*count).into())) } }
            @if let Some(trace) = &meta.traceparent { dt { "Trace" } dd { code { (trace) } } }
            @if !meta.tags.is_empty() { dt { "Tags" } dd { (meta.tags.join(", ")) } }
        }
    }
}
