//! The list of queues, with forms to pause and resume them.

use axum::Extension;
use axum::extract::State;
use jobs_core::{QueueRecord, State as JobState, format_duration};
use maud::{Markup, html};

use super::figures::queue_figures;
use super::format::{counted, number};
use super::forms::form;
use super::layout;
use super::{FormResult, PageResult, SharedState};
use crate::actions::queues::set_queue_paused;
use crate::request::context::RequestContext;
use crate::request::fields::{Fields, address};

/// The states besides `ready` whose jobs a store may count by queue, with their columns.
const STATES: [(JobState, &str); 4] = [
    (JobState::Scheduled, "Scheduled"),
    (JobState::Blocked, "Blocked"),
    (JobState::Claimed, "Running"),
    (JobState::Failed, "Failed"),
];

/// How many queues a page has.
const PAGE: usize = 100;

pub(crate) async fn queues(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let page = app.queue_page(&ctx.query, PAGE).await?;
    let prefix = ctx.query.value("prefix");
    let is_part = prefix.is_some() || page.queues.len() < page.total;
    let body = html! {
        h1 { "Queues" }
        @if is_part { (search(&ctx, prefix)) }
        @if !ctx.read_only { (pause_any(&ctx)) }
        div #queues data-live="calm" {
            @if is_part { p { (counted(page.total as u64, "queue")) } }
            @if !page.queues.is_empty() {
                (table(&ctx, &page.queues))
            } @else if is_part {
                p.empty { "No queue with ready jobs, and no paused queue, matches." }
            } @else {
                p.empty { "No queue has ready jobs, and no queue is paused." }
            }
            (paging(&ctx, prefix, page.next.as_deref()))
        }
    };
    Ok(layout::page(&ctx, "Queues", true, &body))
}

fn search(ctx: &RequestContext, prefix: Option<&str>) -> Markup {
    html! {
        form.search method="get" action=(ctx.url("/queues")) role="search" {
            label { span { "Name begins with" } input name="prefix" value=[prefix] autocomplete="off" spellcheck="false"; }
            button { "Search" }
            @if prefix.is_some() { a href=(ctx.url("/queues")) { "Clear" } }
        }
    }
}

fn paging(ctx: &RequestContext, prefix: Option<&str>, next: Option<&str>) -> Markup {
    let to = |after: Option<&str>| {
        let fields = [("prefix", prefix), ("after", after)];
        address(&ctx.url("/queues"), fields.into_iter().filter_map(|(name, value)| Some((name, value?))))
    };
    html! {
        nav.paging aria-label="More queues" {
            @if ctx.query.value("after").is_some() { a.button rel="first" href=(to(None)) { "First" } }
            @if next.is_some() { a.button rel="next" href=(to(next)) { "Next" } }
        }
    }
}

/// A form for queues that are not in the list: those without jobs, or without ready jobs where the store counts no others.
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
    // A store that counts no other jobs by queue has no columns for them.
    let has_counts = queues.iter().any(|queue| queue.counts.is_some());
    html! {
        div.wide tabindex="0" role="region" aria-label="Queues" {
            table.cards {
                thead {
                    tr {
                        th scope="col" { "Queue" }
                        th.number scope="col" { "Ready" }
                        th.number scope="col" { "Longest wait" }
                        @if has_counts { @for (_, title) in STATES { th.number scope="col" { (title) } } }
                        th scope="col" { "State" }
                        @if !ctx.read_only { th scope="col" { span.visually-hidden { "Actions" } } }
                    }
                }
                tbody { @for queue in queues { (row(ctx, queue, has_counts)) } }
            }
        }
    }
}

fn row(ctx: &RequestContext, queue: &QueueRecord, has_counts: bool) -> Markup {
    let jobs = address(&ctx.url("/jobs"), [("queue", queue.name.as_str())]);
    let (verb, path) = if queue.paused { ("Resume", "/queues/resume") } else { ("Pause", "/queues/pause") };
    html! {
        tr {
            th scope="row" { a href=(jobs) { bdi { (queue.name) } } (queue_figures(ctx, &queue.name)) }
            td.number data-label="Ready" { (count(ctx, queue, JobState::Ready, queue.ready)) }
            td.number data-label="Longest wait" { (format_duration(queue.latency)) }
            @if has_counts {
                @for (state, title) in STATES {
                    td.number data-label=(title) {
                        @if let Some(counts) = &queue.counts { (count(ctx, queue, state, counts.of(state))) }
                    }
                }
            }
            td data-label="State" { @if queue.paused { span.badge.paused { "paused" } } @else { "active" } }
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

/// A number of jobs, which leads to them unless it is zero.
fn count(ctx: &RequestContext, queue: &QueueRecord, state: JobState, jobs: u64) -> Markup {
    let list = || address(&ctx.url("/jobs"), [("state", state.as_str()), ("queue", queue.name.as_str())]);
    html! { @if jobs > 0 { a href=(list()) { (number(jobs)) } } @else { (number(jobs)) } }
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
