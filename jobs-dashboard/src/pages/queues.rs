//! The queues, and their pauses.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jobs_core::{QueueRecord, spoken};
use maud::{Markup, html};

use super::{Answer, Shared, form};
use crate::acts::turn;
use crate::failure::Failure;
use crate::fields::{Fields, address};
use crate::layout;
use crate::visit::Visit;
use crate::words::number;

pub(crate) async fn queues(State(board): Shared, visit: Visit) -> Answer {
    let queues = board.inspect()?.queues().await?;
    let body = html! {
        h1 { "Queues" }
        @if !visit.read_only { (pause_any(&visit)) }
        div #queues data-live="calm" {
            @if queues.is_empty() {
                p.empty { "No queue holds ready jobs, and none is paused." }
            } @else {
                (table(&visit, &queues))
            }
        }
    };
    Ok(layout::page(&visit, "Queues", true, &body))
}

/// Idle queues are not in the list, and can be paused too.
fn pause_any(visit: &Visit) -> Markup {
    html! {
        details.aside {
            summary.button { "Pause another queue" }
            (form(visit, "/queues/pause", &[], &html! {
                div.fields {
                    label { "Queue " input name="queue" required autocomplete="off" spellcheck="false"; }
                    button { "Pause" }
                }
            }))
        }
    }
}

fn table(visit: &Visit, queues: &[QueueRecord]) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Queues" {
            table {
                thead {
                    tr {
                        th scope="col" { "Queue" }
                        th.number scope="col" { "Ready" }
                        th.number scope="col" { "Longest wait" }
                        th scope="col" { "State" }
                        @if !visit.read_only { th scope="col" { span.unseen { "Actions" } } }
                    }
                }
                tbody { @for queue in queues { (row(visit, queue)) } }
            }
        }
    }
}

fn row(visit: &Visit, queue: &QueueRecord) -> Markup {
    let jobs = address(&visit.to("/jobs"), [("state", "ready"), ("queue", &queue.name)]);
    let (verb, path) = if queue.paused { ("Resume", "/queues/resume") } else { ("Pause", "/queues/pause") };
    html! {
        tr {
            th scope="row" { a href=(jobs) { (queue.name) } }
            td.number { (number(queue.ready)) }
            td.number { (spoken(queue.latency)) }
            td { @if queue.paused { span.badge.paused { "paused" } } @else { "open" } }
            @if !visit.read_only {
                td.actions {
                    (form(visit, path, &[("queue", &queue.name)], &html! {
                        button aria-label={ (verb) " the queue " (queue.name) } { (verb) }
                    }))
                }
            }
        }
    }
}

pub(crate) async fn pause(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Result<Response, Failure> {
    let (queue, changed) = turn(&board, &visit, &fields, true).await?;
    let words = if changed { "is paused: what runs goes on, nothing more is claimed" } else { "was paused already" };
    Ok(visit.on_to(&visit.to("/queues"), &format!("The queue {queue} {words}.")))
}

pub(crate) async fn resume(State(board): Shared, visit: Visit, fields: Extension<Fields>) -> Result<Response, Failure> {
    let (queue, changed) = turn(&board, &visit, &fields, false).await?;
    let words = if changed { "is worked on again" } else { "was not paused" };
    Ok(visit.on_to(&visit.to("/queues"), &format!("The queue {queue} {words}.")))
}
