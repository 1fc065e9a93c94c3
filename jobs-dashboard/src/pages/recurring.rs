//! The recurring tasks.

use axum::Extension;
use axum::extract::State;
use axum::response::Response;
use jobs_core::{Enqueued, RecurringRecord, StoreExt, Timestamp};
use maud::{Markup, html};

use super::{Answer, Shared, form};
use crate::failure::Failure;
use crate::fields::{Fields, address};
use crate::layout;
use crate::recurring::{run, turn};
use crate::visit::Visit;
use crate::words::time;

pub(crate) async fn recurring(State(board): Shared, visit: Visit) -> Answer {
    let agenda = board.store.repeating()?.tasks().await?;
    let body = html! {
        h1 { "Recurring" }
        div #recurring data-live="calm" {
            @if agenda.tasks.is_empty() {
                p.empty { "No program has declared a recurring task." }
            } @else {
                (table(&visit, &agenda.tasks, agenda.now))
            }
        }
    };
    Ok(layout::page(&visit, "Recurring", true, &body))
}

fn table(visit: &Visit, tasks: &[RecurringRecord], now: Timestamp) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Recurring tasks" {
            table {
                thead {
                    tr {
                        th scope="col" { "Task" }
                        th scope="col" { "Job" }
                        th scope="col" { "Schedule" }
                        th scope="col" { "Next" }
                        th scope="col" { "Last" }
                        @if !visit.read_only { th scope="col" { span.unseen { "Actions" } } }
                    }
                }
                tbody { @for record in tasks { (row(visit, record, now)) } }
            }
        }
    }
}

fn row(visit: &Visit, record: &RecurringRecord, now: Timestamp) -> Markup {
    let task = &record.task;
    let jobs = address(&visit.to("/jobs"), [("name", task.job.as_str())]);
    html! {
        tr {
            th scope="row" {
                (task.key)
                @if let Some(words) = &task.description { br; small { (words) } }
            }
            td { a href=(jobs) { (task.job) } }
            td {
                @match task.when() {
                    Ok(schedule) => { (schedule) br; small { code { (task.schedule) } } },
                    Err(error) => { span.bad { (error) } },
                }
            }
            td {
                @if record.paused { span.badge.paused { "paused" } }
                @else if let Some(next) = record.next(now) { (time(now, next)) }
                @else { "–" }
            }
            td {
                @if let Some(tick) = record.last_tick { (last(visit, record, now, tick)) } @else { "–" }
            }
            @if !visit.read_only { td.actions { (actions(visit, record)) } }
        }
    }
}

fn last(visit: &Visit, record: &RecurringRecord, now: Timestamp, tick: Timestamp) -> Markup {
    html! {
        @if let Some(job) = record.last_job {
            a href=(visit.to(&format!("/jobs/{job}"))) { (time(now, tick)) }
        } @else {
            (time(now, tick))
        }
    }
}

fn actions(visit: &Visit, record: &RecurringRecord) -> Markup {
    let key = record.task.key.as_str();
    let turn = if record.paused { ("Resume", "/recurring/resume") } else { ("Pause", "/recurring/pause") };
    html! {
        @for (verb, path) in [("Run now", "/recurring/run"), turn] {
            (form(visit, path, &[("key", key)], &html! {
                button aria-label={ (verb) ": the task " (key) } { (verb) }
            }))
            " "
        }
    }
}

pub(crate) async fn run_task(
    State(board): Shared,
    visit: Visit,
    fields: Extension<Fields>,
) -> Result<Response, Failure> {
    Ok(match run(&board, &visit, &fields).await? {
        Enqueued::New(id) => {
            visit.on_to(&visit.to(&format!("/jobs/{id}")), "It is enqueued, beside the ticks of its task.")
        }
        Enqueued::Duplicate { of } => {
            visit.on_to(&visit.to(&format!("/jobs/{of}")), "It is there already: it is unique.")
        }
        Enqueued::Halted => visit.on_to(&visit.to("/recurring"), "It is not enqueued: a callback halted it."),
    })
}

pub(crate) async fn pause_task(
    State(board): Shared,
    visit: Visit,
    fields: Extension<Fields>,
) -> Result<Response, Failure> {
    let (key, changed) = turn(&board, &visit, &fields, true).await?;
    let words = if changed { "is paused: its ticks are left out until it is resumed" } else { "was paused already" };
    Ok(visit.on_to(&visit.to("/recurring"), &format!("The task {key} {words}.")))
}

pub(crate) async fn resume_task(
    State(board): Shared,
    visit: Visit,
    fields: Extension<Fields>,
) -> Result<Response, Failure> {
    let (key, changed) = turn(&board, &visit, &fields, false).await?;
    let words = if changed { "recurs again" } else { "was not paused" };
    Ok(visit.on_to(&visit.to("/recurring"), &format!("The task {key} {words}.")))
}
