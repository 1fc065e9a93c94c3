//! The list of the processes that run jobs.

use axum::extract::State;
use jobs_core::{Filter, JobRecord, ProcessRecord, State as JobState, Timestamp};
use maud::{Markup, html};

use super::format::{number, time};
use super::layout;
use super::{PageResult, SharedState};
use crate::request::context::RequestContext;
use crate::request::fields::address;

/// How many of the newest running jobs are read, and how many of them are shown for a process.
const CLAIMED: usize = 500;
const SHOWN: usize = 5;

pub(crate) async fn processes(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let inspect = app.inspect()?;
    let processes = inspect.processes().await?;
    let claimed = Filter { limit: CLAIMED, ..Filter::state(JobState::Claimed) };
    let jobs = inspect.page(&claimed.newest_first().summaries()).await?.jobs;
    let now = app.clock.now();
    let body = html! {
        h1 { "Processes" }
        div #processes data-live="calm" {
            @if processes.is_empty() {
                p.empty { "No process is running jobs of this store." }
            } @else {
                (table(&ctx, &processes, &jobs, now))
            }
        }
    };
    Ok(layout::page(&ctx, "Processes", true, &body))
}

fn table(ctx: &RequestContext, processes: &[ProcessRecord], jobs: &[JobRecord], now: Timestamp) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Processes" {
            table {
                thead {
                    tr {
                        th scope="col" { "Process" }
                        th scope="col" { "Host" }
                        th.number scope="col" { "Claimed" }
                        th scope="col" { "Status" }
                        th scope="col" { "Started" }
                        th scope="col" { "Last heartbeat" }
                        th scope="col" { "Running jobs" }
                    }
                }
                tbody { @for record in processes { (row(ctx, record, jobs, now)) } }
            }
        }
    }
}

fn row(ctx: &RequestContext, record: &ProcessRecord, jobs: &[JobRecord], now: Timestamp) -> Markup {
    let process = &record.process;
    let id = process.id.to_string();
    let all = address(&ctx.url("/jobs"), [("state", "claimed"), ("process", id.as_str())]);
    let own = jobs.iter().filter(|job| job.claimed_by == Some(process.id));
    html! {
        tr {
            th scope="row" { (process.name) " " small { code { (id) } } }
            td { (process.host) ":" (process.pid) }
            td.number { a href=(all) { (number(record.claimed)) } }
            td { (process.phase.as_str()) }
            td { (time(now, record.started_at)) }
            td { (time(now, record.heartbeat_at)) }
            td {
                ul.plain {
                    @for job in own.take(SHOWN) {
                        li { a href=(ctx.url(&format!("/jobs/{}", job.id))) { (job.name) } " " small { (job.queue) } }
                    }
                }
            }
        }
    }
}
