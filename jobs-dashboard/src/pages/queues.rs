//! The list of queues, with forms to pause and resume them.

use axum::Extension;
use axum::extract::State;
use jobs_core::{QueueRecord, format_duration};
use maud::{Markup, html};

use super::format::number;
use super::forms::form;
use super::layout;
use super::{FormResult, PageResult, SharedState};
use crate::actions::queues::set_queue_paused;
use crate::request::context::RequestContext;
use crate::request::fields::{Fields, address};

pub(crate) async fn queues(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let queues = app.inspect()?.queues().await?;
    let body = html! {
        h1 { "Queues" }
        @if !ctx.read_only { (pause_any(&ctx)) }
        div #queues data-live="calm" {
            @if queues.is_empty() {
                p.empty { "No queue has ready jobs, and no queue is paused." }
            } @else {
                (table(&ctx, &queues))
            }
        }
    };
    Ok(layout::page(&ctx, "Queues", true, &body))
}

/// A form for queues without ready jobs, which are not in the list.
fn pause_any(ctx: &RequestContext) -> Markup {
    html! {
        details.aside {
            summary.button { "Pause another queue" }
            (form(ctx, "/queues/pause", &[], &html! {
                div.fields {
                    label { "Queue " input name="queue" required autocomplete="off" spellcheck="false"; }
                    button { "Pause" }
                }
            }))
        }
    }
}

fn table(ctx: &RequestContext, queues: &[QueueRecord]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Queues" {
            table {
                thead {
                    tr {
                        th scope="col" { "Queue" }
                        th.number scope="col" { "Ready" }
                        th.number scope="col" { "Longest wait" }
                        th scope="col" { "State" }
                        @if !ctx.read_only { th scope="col" { span.visually-hidden { "Actions" } } }
                    }
                }
                tbody { @for queue in queues { (row(ctx, queue)) } }
            }
        }
    }
}

fn row(ctx: &RequestContext, queue: &QueueRecord) -> Markup {
    let jobs = address(&ctx.url("/jobs"), [("state", "ready"), ("queue", &queue.name)]);
    let (verb, path) = if queue.paused { ("Resume", "/queues/resume") } else { ("Pause", "/queues/pause") };
    html! {
        tr {
            th scope="row" { a href=(jobs) { (queue.name) } }
            td.number { (number(queue.ready)) }
            td.number { (format_duration(queue.latency)) }
            td { @if queue.paused { span.badge.paused { "paused" } } @else { "active" } }
            @if !ctx.read_only {
                td.actions {
                    (form(ctx, path, &[("queue", &queue.name)], &html! {
                        button aria-label={ (verb) " the queue " (queue.name) } { (verb) }
                    }))
                }
            }
        }
    }
}

pub(crate) async fn pause(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> FormResult {
    let (queue, changed) = set_queue_paused(&app, &ctx, &fields, true).await?;
    let result =
        if changed { "is paused: running jobs continue, and no more jobs are claimed" } else { "was already paused" };
    Ok(ctx.redirect(&ctx.url("/queues"), &format!("The queue {queue} {result}.")))
}

pub(crate) async fn resume(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> FormResult {
    let (queue, changed) = set_queue_paused(&app, &ctx, &fields, false).await?;
    let result = if changed { "is resumed" } else { "was not paused" };
    Ok(ctx.redirect(&ctx.url("/queues"), &format!("The queue {queue} {result}.")))
}
