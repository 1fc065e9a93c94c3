//! The store at a glance.

use axum::extract::State;
use jobs_core::{Counts, ProcessRecord, QueueRecord, State as JobState};
use maud::{Markup, html};

use super::{Answer, Shared};
use crate::layout;
use crate::visit::Visit;
use crate::words::{number, span};

pub(crate) async fn overview(State(board): Shared, visit: Visit) -> Answer {
    let inspect = board.inspect()?;
    let counts = inspect.counts().await?;
    let queues = inspect.queues().await?;
    let processes = inspect.processes().await?;
    let body = html! {
        h1 { "Overview" }
        (figures(&counts, &queues, &processes))
    };
    Ok(layout::page(&visit, "Overview", true, &body))
}

fn figures(counts: &Counts, queues: &[QueueRecord], processes: &[ProcessRecord]) -> Markup {
    let latency = queues.iter().filter(|queue| !queue.paused).map(|queue| queue.latency).max().unwrap_or_default();
    html! {
        dl.figures {
            @for state in JobState::ALL {
                div class={ "figure " (state.as_str()) } {
                    dt { (state.as_str()) }
                    dd { (number(counts.of(state))) }
                }
            }
            div.figure { dt { "longest wait" } dd { (span(latency)) } }
            div.figure { dt { "processes" } dd { (number(processes.len() as u64)) } }
        }
    }
}
