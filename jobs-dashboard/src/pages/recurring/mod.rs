//! The list of recurring tasks, with forms to run, pause and resume them.

mod task;

use axum::Extension;
use axum::extract::State;
use jobs_core::{Enqueued, RecurringRecord, StoreExt, Timestamp};
use maud::{Markup, html};

pub(super) use self::task::task;
use super::figures::job_figures;
use super::format::time;
use super::forms::form;
use super::layout;
use super::{FormResult, PageResult, SharedState};
use crate::actions::recurring::{run_task, set_task_paused};
use crate::request::context::RequestContext;
use crate::request::fields::{Fields, address};

pub(crate) async fn recurring(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let list = app.store.require_recurring()?.tasks().await?;
    let body = html! {
        h1 { "Recurring" }
        div #recurring data-live="calm" {
            @if list.tasks.is_empty() {
                p.empty { "No program has declared a recurring task." }
            } @else {
                (table(&ctx, &list.tasks, list.now))
            }
        }
    };
    Ok(layout::page(&ctx, "Recurring", true, &body))
}

fn table(ctx: &RequestContext, tasks: &[RecurringRecord], now: Timestamp) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Recurring tasks" {
            table.cards {
                thead {
                    tr {
                        th scope="col" { "Task" }
                        th scope="col" { "Job" }
                        th scope="col" { "Schedule" }
                        th scope="col" { "Next" }
                        th scope="col" { "Last" }
                        @if !ctx.read_only { th scope="col" { span.visually-hidden { "Actions" } } }
                    }
                }
                tbody { @for record in tasks { (row(ctx, record, now)) } }
            }
        }
    }
}

fn row(ctx: &RequestContext, record: &RecurringRecord, now: Timestamp) -> Markup {
    let task = &record.task;
    let jobs = address(&ctx.url("/jobs"), [("name", task.job.as_str())]);
    html! {
        tr {
            th scope="row" {
                a href=(address(&ctx.url("/recurring/task"), [("key", task.key.as_str())])) { bdi { (task.key) } }
                @if let Some(source) = &record.source { " " span.badge { (source) } }
                @if let Some(text) = &task.description { br; small { bdi { (text) } } }
            }
            td data-label="Job" { a href=(jobs) { bdi { (task.job) } } (job_figures(ctx, &task.job)) }
            td data-label="Schedule" {
                @match task.when() {
                    Ok(schedule) => { (schedule) br; small { code { (task.schedule) } } },
                    Err(error) => { span.bad { (error) } },
                }
            }
            td data-label="Next" {
                @if record.paused { span.badge.paused { "paused" } }
                @else if let Some(next) = record.next(now) { (time(now, next)) (local(record, next)) }
                @else { "–" }
            }
            td data-label="Last" {
                @if let Some(tick) = record.last_tick { (last(ctx, record, now, tick)) } @else { "–" }
            }
            @if !ctx.read_only { td.actions { (actions(ctx, record)) } }
        }
    }
}

/// The time by the clock on the wall in the zone of the task.
fn local(record: &RecurringRecord, tick: Timestamp) -> Markup {
    html! { @if let Ok(schedule) = record.task.when() { br; small { (schedule.local(tick)) } } }
}

fn last(ctx: &RequestContext, record: &RecurringRecord, now: Timestamp, tick: Timestamp) -> Markup {
    html! {
        @if let Some(job) = record.last_job {
            a href=(ctx.url(&format!("/jobs/{job}"))) { (time(now, tick)) }
        } @else {
            (time(now, tick))
        }
    }
}

fn actions(ctx: &RequestContext, record: &RecurringRecord) -> Markup {
    if record.source.is_some() {
        return html! {};
    }
    let key = record.task.key.as_str();
    let toggle = if record.paused { ("Resume", "/recurring/resume") } else { ("Pause", "/recurring/pause") };
    html! {
        @for (verb, path) in [("Run now", "/recurring/run"), toggle] {
            (form(ctx, path, &[("key", key)], &html! {
                button aria-label={ (verb) ": the task " (key) } { (verb) }
            }))
            " "
        }
    }
}

pub(crate) async fn run(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> FormResult {
    Ok(match run_task(&app, &ctx, &fields).await? {
        Enqueued::New(id) => {
            ctx.redirect(&ctx.url(&format!("/jobs/{id}")), "The job is enqueued, in addition to the ticks of its task.")
        }
        Enqueued::Duplicate { of } => {
            ctx.redirect(&ctx.url(&format!("/jobs/{of}")), "The job is unique and already enqueued.")
        }
        Enqueued::Halted => ctx.redirect(&ctx.url("/recurring"), "The job is not enqueued: a callback halted it."),
    })
}

pub(crate) async fn pause(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> FormResult {
    let (key, changed) = set_task_paused(&app, &ctx, &fields, true).await?;
    let result = if changed { "is paused: its ticks are skipped until it is resumed" } else { "was already paused" };
    Ok(ctx.redirect(&ctx.url("/recurring"), &format!("The task {key} {result}.")))
}

pub(crate) async fn resume(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> FormResult {
    let (key, changed) = set_task_paused(&app, &ctx, &fields, false).await?;
    let result = if changed { "is resumed" } else { "was not paused" };
    Ok(ctx.redirect(&ctx.url("/recurring"), &format!("The task {key} {result}.")))
}
