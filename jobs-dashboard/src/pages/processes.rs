//! The processes that run jobs.

use axum::extract::State;
use jobs_core::{Filter, JobRecord, ProcessRecord, State as JobState, Timestamp};
use maud::{Markup, html};

use super::{Answer, Shared};
use crate::fields::address;
use crate::layout;
use crate::visit::Visit;
use crate::words::{number, time};

/// How many of the running jobs are looked at, the newest, and how many of them a process is shown with.
const CLAIMED: usize = 500;
const SHOWN: usize = 5;

pub(crate) async fn processes(State(board): Shared, visit: Visit) -> Answer {
    let inspect = board.inspect()?;
    let processes = inspect.processes().await?;
    let claimed = Filter { limit: CLAIMED, ..Filter::state(JobState::Claimed) };
    let jobs = inspect.page(&claimed.newest_first()).await?.jobs;
    let now = board.clock.now();
    let body = html! {
        h1 { "Processes" }
        div #processes data-live="calm" {
            @if processes.is_empty() {
                p.empty { "No process runs jobs of this store." }
            } @else {
                (table(&visit, &processes, &jobs, now))
            }
        }
    };
    Ok(layout::page(&visit, "Processes", true, &body))
}

fn table(visit: &Visit, processes: &[ProcessRecord], jobs: &[JobRecord], now: Timestamp) -> Markup {
    html! {
        div.wide tabindex="0" role="region" aria-label="Processes" {
            table {
                thead {
                    tr {
                        th scope="col" { "Process" }
                        th scope="col" { "Host" }
                        th.number scope="col" { "Jobs" }
                        th scope="col" { "Phase" }
                        th scope="col" { "Started" }
                        th scope="col" { "Last seen" }
                        th scope="col" { "Runs" }
                    }
                }
                tbody { @for record in processes { (row(visit, record, jobs, now)) } }
            }
        }
    }
}

fn row(visit: &Visit, record: &ProcessRecord, jobs: &[JobRecord], now: Timestamp) -> Markup {
    let process = &record.process;
    let id = process.id.to_string();
    let all = address(&visit.to("/jobs"), [("state", "claimed"), ("process", id.as_str())]);
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
                        li { a href=(visit.to(&format!("/jobs/{}", job.id))) { (job.name) } " " small { (job.queue) } }
                    }
                }
            }
        }
    }
}
