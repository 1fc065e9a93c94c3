//! The store at a glance.

use std::time::Duration;

use axum::extract::State;
use jobs_core::{Counts, ProcessRecord, QueueRecord, State as JobState};
use maud::{Markup, html};
use tokio::time::Instant;

use super::{Answer, Shared};
use crate::charts::Chart;
use crate::fields::address;
use crate::layout;
use crate::samples::{Samples, float};
use crate::visit::Visit;
use crate::words::{number, rate, span};

pub(crate) async fn overview(State(board): Shared, visit: Visit) -> Answer {
    let inspect = board.inspect()?;
    let counts = inspect.counts().await?;
    let queues = inspect.queues().await?;
    let processes = inspect.processes().await?;
    let body = html! {
        h1 { "Overview" }
        div #figures data-live { (figures(&visit, &counts, &queues, &processes)) }
        div #charts data-live { (charts(&board.sampler.samples())) }
    };
    Ok(layout::page(&visit, "Overview", true, &body))
}

fn figures(visit: &Visit, counts: &Counts, queues: &[QueueRecord], processes: &[ProcessRecord]) -> Markup {
    let latency = queues.iter().filter(|queue| !queue.paused).map(|queue| queue.latency).max().unwrap_or_default();
    html! {
        dl.figures {
            @for state in JobState::ALL {
                div class={ "figure " (state) } {
                    dt { a href=(address(&visit.to("/jobs"), [("state", state.as_str())])) { (state) } }
                    dd { (number(counts.of(state))) }
                }
            }
            div.figure { dt { a href=(visit.to("/queues")) { "longest wait" } } dd { (span(latency)) } }
            div.figure { dt { a href=(visit.to("/processes")) { "processes" } } dd { (number(processes.len() as u64)) } }
        }
    }
}

fn charts(samples: &Samples) -> Markup {
    let now = Instant::now();
    let throughput = samples.rate(now, |sample| sample.finished);
    let failures = samples.rate(now, |sample| sample.failed);
    let ready = samples.level(now, |sample| float(sample.ready));
    let wait = samples.level(now, |sample| sample.latency.as_secs_f64());
    let seconds: fn(f64) -> String = |seconds| span(Duration::try_from_secs_f64(seconds).unwrap_or_default());
    html! {
        div.charts {
            (Chart { title: "Finished per second", line: &throughput, words: rate, class: "good" }.drawn())
            (Chart { title: "Failed per second", line: &failures, words: rate, class: "bad" }.drawn())
            (Chart { title: "Longest wait", line: &wait, words: seconds, class: "plain" }.drawn())
            (Chart { title: "Ready", line: &ready, words: |ready| format!("{ready:.0}"), class: "plain" }.drawn())
        }
    }
}
