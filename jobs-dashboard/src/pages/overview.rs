//! The store at a glance.

use std::time::Duration;

use axum::extract::State;
use jobs_core::{Filter, JobRecord, JobStats, State as JobState, Timestamp, spoken};
use maud::{Markup, html};
use tokio::time::Instant;

use super::{Answer, Shared};
use crate::charts::Chart;
use crate::fields::address;
use crate::layout;
use crate::samples::{Samples, float};
use crate::visit::Visit;
use crate::words::{number, rate, short, time};

/// How many queues and failed jobs stand here; the rest is on their pages.
const QUEUES: usize = 8;
const FAILED: usize = 8;

pub(crate) async fn overview(State(board): Shared, visit: Visit) -> Answer {
    let inspect = board.inspect()?;
    let stats = inspect.stats().await?;
    let failed = Filter { limit: FAILED, ..Filter::state(JobState::Failed) };
    let failed = inspect.page(&failed.newest_first()).await?.jobs;
    let now = board.clock.now();
    let body = html! {
        h1 { "Overview" }
        div #figures data-live { (figures(&visit, &stats)) }
        div #charts data-live { (charts(&board.sampler.samples())) }
        div.columns #newest data-live="calm" {
            (waiting(&visit, &stats))
            (failures(&visit, &failed, now))
        }
    };
    Ok(layout::page(&visit, "Overview", true, &body))
}

fn figures(visit: &Visit, stats: &JobStats) -> Markup {
    html! {
        dl.figures {
            @for state in JobState::ALL {
                div class={ "figure " (state) @if stats.counts.of(state) > 0 { " some" } } {
                    dt { a href=(address(&visit.to("/jobs"), [("state", state.as_str())])) { (state) } }
                    dd { (number(stats.counts.of(state))) }
                }
            }
            div.figure { dt { a href=(visit.to("/queues")) { "longest wait" } } dd { (spoken(stats.latency())) } }
            div.figure { dt { a href=(visit.to("/processes")) { "processes" } } dd { (number(stats.processes.len() as u64)) } }
        }
    }
}

fn charts(samples: &Samples) -> Markup {
    let now = Instant::now();
    let throughput = samples.rate(now, |sample| sample.finished);
    let failures = samples.rate(now, |sample| sample.errors);
    let ready = samples.level(now, |sample| float(sample.ready));
    let wait = samples.level(now, |sample| sample.latency.as_secs_f64());
    let seconds: fn(f64) -> String = |seconds| spoken(Duration::try_from_secs_f64(seconds).unwrap_or_default());
    html! {
        div.charts {
            (Chart { title: "Finished per second", line: &throughput, words: rate, class: "good" }.drawn())
            (Chart { title: "Errors per second", line: &failures, words: rate, class: "bad" }.drawn())
            (Chart { title: "Longest wait", line: &wait, words: seconds, class: "plain" }.drawn())
            (Chart { title: "Ready", line: &ready, words: |ready| format!("{ready:.0}"), class: "plain" }.drawn())
        }
    }
}

/// The queues in which jobs have waited longest.
fn waiting(visit: &Visit, stats: &JobStats) -> Markup {
    let mut queues: Vec<_> = stats.queues.iter().collect();
    queues.sort_by_key(|queue| std::cmp::Reverse((queue.latency, queue.ready)));
    html! {
        section aria-labelledby="waiting" {
            h2 #waiting { a href=(visit.to("/queues")) { "Queues" } }
            @if queues.is_empty() { p.empty { "Nothing waits." } }
            ul.rows {
                @for queue in queues.into_iter().take(QUEUES) {
                    li {
                        a href=(address(&visit.to("/jobs"), [("state", "ready"), ("queue", &queue.name)])) { (queue.name) }
                        @if queue.paused { " " span.badge.paused { "paused" } }
                        span.end { (number(queue.ready)) " ready, " (spoken(queue.latency)) }
                    }
                }
            }
        }
    }
}

/// The newest of the jobs that failed.
fn failures(visit: &Visit, failed: &[JobRecord], now: Timestamp) -> Markup {
    html! {
        section aria-labelledby="failures" {
            h2 #failures { a href=(address(&visit.to("/jobs"), [("state", "failed")])) { "Failed" } }
            @if failed.is_empty() { p.empty { "No job is failed." } }
            ul.rows {
                @for job in failed {
                    li {
                        a href=(visit.to(&format!("/jobs/{}", job.id))) { (job.name) }
                        @if let Some(error) = job.errors.last() {
                            " " span.why { (short(&error.message)) }
                            span.end { (time(now, error.at)) }
                        }
                    }
                }
            }
        }
    }
}
