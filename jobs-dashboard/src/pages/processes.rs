//! The list of the processes that run jobs, with forms to make them quiet and to stop them.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use jobs_core::{
    Filter, JobRecord, ProcessDetails, ProcessOrder, ProcessRecord, ProcessStatus, State as JobState, Timestamp,
    format_duration,
};
use maud::{Markup, html};

use super::figures::job_figures;
use super::format::{number, time};
use super::forms::form;
use super::layout;
use super::{FormResult, PageResult, SharedState};
use crate::actions::processes::order_process;
use crate::app_state::AppState;
use crate::request::context::RequestContext;
use crate::request::fields::{Fields, address};

/// How many of the running jobs are read, those first that were enqueued first, and how many of them are shown for a process.
const CLAIMED: usize = 500;
const SHOWN: usize = 5;

/// How many queues are shown of a process; the others are told where the pointer rests.
const QUEUES: usize = 8;

pub(crate) async fn processes(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let inspect = app.inspect()?;
    let processes = inspect.processes().await?;
    let claimed = Filter { limit: CLAIMED, ..Filter::state(JobState::Claimed) };
    let mut jobs = inspect.page(&claimed.summaries()).await?.jobs;
    // The job that runs longest comes first; those of which the store does not say it are the last.
    jobs.sort_by_key(|job| (job.claimed_at.is_none(), job.claimed_at));
    let has_orders =
        !ctx.read_only && app.store.process_orders().is_some() && processes.iter().any(|record| record.takes_orders);
    let has_ages = processes.iter().any(|record| record.oldest_claim.is_some());
    let list = Listed { ctx: &ctx, jobs: &jobs, now: app.clock.now(), has_ages, has_orders };
    let body = html! {
        h1 { "Processes" }
        div #processes data-live="calm" {
            @if processes.is_empty() {
                p.empty { "No process is running jobs of this store." }
            } @else {
                (list.table(&processes))
            }
        }
    };
    Ok(layout::page(&ctx, "Processes", true, &body))
}

/// What the rows of the list are made from.
struct Listed<'a> {
    ctx: &'a RequestContext,
    /// The jobs that run.
    jobs: &'a [JobRecord],
    now: Timestamp,
    /// The store says since when processes hold their jobs.
    has_ages: bool,
    /// Whether any process can be asked to be quiet and to stop.
    has_orders: bool,
}

impl Listed<'_> {
    fn table(&self, processes: &[ProcessRecord]) -> Markup {
        // A column that no process says anything for is not shown.
        let (slots, version) = (said(processes, |one| one.slots > 0), said(processes, |one| one.version.is_some()));
        let columns = Columns { slots, queues: said(processes, |one| !one.queues.is_empty()), version };
        html! {
            div.wide tabindex="0" role="region" aria-label="Processes" {
                table.cards {
                    thead {
                        tr {
                            th scope="col" { "Process" }
                            th scope="col" { "Host" }
                            th.number scope="col" { "Claimed" }
                            @if self.has_ages { th.number scope="col" { "Oldest runs for" } }
                            @if columns.slots { th scope="col" { "Busy slots" } }
                            @if columns.queues { th scope="col" { "Queues" } }
                            @if columns.version { th scope="col" { "Version" } }
                            th scope="col" { "Status" }
                            th scope="col" { "Started" }
                            th scope="col" { "Last heartbeat" }
                            th scope="col" { "Running jobs" }
                            @if self.has_orders { th scope="col" { span.visually-hidden { "Actions" } } }
                        }
                    }
                    tbody { @for record in processes { (self.row(record, &columns)) } }
                }
            }
        }
    }

    fn row(&self, record: &ProcessRecord, columns: &Columns) -> Markup {
        let (ctx, process) = (self.ctx, &record.process);
        let id = process.id.to_string();
        let all = address(&ctx.url("/jobs"), [("state", "claimed"), ("process", id.as_str())]);
        let own: Vec<_> = self.jobs.iter().filter(|job| job.claimed_by == Some(process.id)).collect();
        html! {
            tr id={ "process-" (id) } {
                th scope="row" { bdi { (process.name) } " " small { code { (id) } } }
                td data-label="Host" { bdi { (process.host) ":" (process.pid) } }
                td.number data-label="Claimed" { a href=(all) { (number(record.claimed)) } }
                @if self.has_ages {
                    td.number data-label="Oldest runs for" {
                        @if let Some(since) = record.oldest_claim { (format_duration(self.now.duration_since(since))) }
                    }
                }
                (details(record, columns))
                td data-label="Status" { (status(process.phase)) }
                td data-label="Started" { (time(self.now, record.started_at)) }
                td data-label="Last heartbeat" { (time(self.now, record.heartbeat_at)) }
                td { (self.running(&own)) }
                @if self.has_orders { td.actions { (self.orders(record)) } }
            }
        }
    }

    fn running(&self, own: &[&JobRecord]) -> Markup {
        html! {
            ul.plain {
                @for job in own.iter().take(SHOWN) {
                    li {
                        a href=(self.ctx.url(&format!("/jobs/{}", job.id))) { bdi { (job.name) } } " " small { bdi { (job.queue) } }
                        @if let Some(since) = job.claimed_at {
                            " " small { "for " (format_duration(self.now.duration_since(since))) }
                        }
                        (job_figures(self.ctx, &job.name))
                    }
                }
            }
        }
    }

    /// Forms for what the process is not asked already.
    fn orders(&self, record: &ProcessRecord) -> Markup {
        let (ctx, process) = (self.ctx, &record.process);
        let id = process.id.to_string();
        let fields = [("process", id.as_str())];
        html! {
            @if process.phase == ProcessStatus::Running && record.takes_orders {
                (form(ctx, "/processes/quiet", &fields, &html! {
                    button aria-label={ "Quiet the process " (process.name) } title="It claims no more jobs, until it is started again" { "Quiet" }
                }))
                " "
            }
            @if process.phase < ProcessStatus::Stopped && record.takes_orders {
                details.order {
                    summary.button { "Stop …" }
                    (form(ctx, "/processes/stop", &fields, &html! {
                        button.strong aria-label={ "Stop the process " (process.name) } { "Stop " (process.name) }
                    }))
                }
            }
        }
    }
}

/// Which columns about what processes can run are shown.
struct Columns {
    slots: bool,
    queues: bool,
    version: bool,
}

fn said(processes: &[ProcessRecord], says: fn(&ProcessDetails) -> bool) -> bool {
    processes.iter().any(|record| says(&record.process.details))
}

/// What a process can run, and how much of it is in use.
fn details(record: &ProcessRecord, columns: &Columns) -> Markup {
    let details = &record.process.details;
    html! {
        @if columns.slots {
            td data-label="Busy slots" {
                @if let Some((busy, slots)) = record.slots() {
                    meter min="0" max=(slots) value=(busy) aria-hidden="true" {}
                    " " (number(busy)) " of " (number(slots))
                }
            }
        }
        @if columns.queues {
            td data-label="Queues" title=[(details.queues.len() > QUEUES).then(|| details.queues.join(", "))] {
                bdi { (details.queues.iter().take(QUEUES).map(String::as_str).collect::<Vec<_>>().join(", ")) }
                @if details.queues.len() > QUEUES { " and " (number((details.queues.len() - QUEUES) as u64)) " more" }
            }
        }
        @if columns.version { td data-label="Version" { bdi { (details.version.as_deref().unwrap_or_default()) } } }
    }
}

/// A process that is asked to stop is still there until it has stopped.
fn status(phase: ProcessStatus) -> Markup {
    match phase {
        ProcessStatus::Running => html! { "running" },
        ProcessStatus::Quiet => html! { span.badge.paused { "quiet" } },
        ProcessStatus::Stopped => html! { span.badge.paused { "stopping" } },
    }
}

pub(crate) async fn quiet(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> FormResult {
    order(&app, &ctx, &fields, ProcessOrder::Quiet).await
}

pub(crate) async fn stop(State(app): SharedState, ctx: RequestContext, fields: Extension<Fields>) -> FormResult {
    order(&app, &ctx, &fields, ProcessOrder::Stop).await
}

async fn order(app: &Arc<AppState>, ctx: &RequestContext, fields: &Fields, order: ProcessOrder) -> FormResult {
    let (name, changed) = order_process(app, ctx, fields, order).await?;
    let result = match (order, changed) {
        (_, false) => "was asked already, or has ended",
        (ProcessOrder::Quiet, true) => "is asked to claim no more jobs: it does so with its next heartbeat",
        (ProcessOrder::Stop, true) => "is asked to stop: it does so with its next heartbeat, after its running jobs",
    };
    Ok(ctx.redirect(&ctx.url("/processes"), &format!("The process {name} {result}.")))
}
