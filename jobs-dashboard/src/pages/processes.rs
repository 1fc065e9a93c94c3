//! The processes that run jobs.

use axum::extract::State;
use jobs_core::{ProcessRecord, Timestamp};
use maud::{Markup, html};

use super::{Answer, Shared};
use crate::layout;
use crate::visit::Visit;
use crate::words::{number, time};

pub(crate) async fn processes(State(board): Shared, visit: Visit) -> Answer {
    let processes = board.inspect()?.processes().await?;
    let now = board.clock.now();
    let body = html! {
        h1 { "Processes" }
        div #processes data-live {
            @if processes.is_empty() {
                p.empty { "No process runs jobs of this store." }
            } @else {
                (table(&processes, now))
            }
        }
    };
    Ok(layout::page(&visit, "Processes", true, &body))
}

fn table(processes: &[ProcessRecord], now: Timestamp) -> Markup {
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
                    }
                }
                tbody { @for record in processes { (row(record, now)) } }
            }
        }
    }
}

fn row(record: &ProcessRecord, now: Timestamp) -> Markup {
    let process = &record.process;
    html! {
        tr {
            th scope="row" { (process.name) " " small { (process.id) } }
            td { (process.host) ":" (process.pid) }
            td.number { (number(record.claimed)) }
            td { (process.phase.as_str()) }
            td { (time(now, record.started_at)) }
            td { (time(now, record.heartbeat_at)) }
        }
    }
}
