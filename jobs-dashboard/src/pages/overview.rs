//! The overview: figures, charts, the longest waits and the latest failures.

use std::time::Duration;

use axum::extract::State;
use jobs_core::{Filter, HealthLimits, JobRecord, JobStats, State as JobState, Timestamp, format_duration};
use maud::{Markup, html};
use tokio::time::Instant;

use super::figures::{busiest, job_figures, queue_figures};
use super::format::{number, rate, rounded, short, time};
use super::layout;
use super::{PageResult, SharedState};
use crate::request::context::RequestContext;
use crate::request::fields::address;
use crate::stats::charts::Chart;
use crate::stats::samples::{Samples, float};

/// How many queues and failed jobs are shown here; their own pages show all.
const QUEUES: usize = 8;
const FAILED: usize = 8;

pub(crate) async fn overview(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let inspect = app.inspect()?;
    let stats = inspect.stats().await?;
    let failed = Filter { limit: FAILED, ..Filter::state(JobState::Failed) };
    let failed = inspect.page(&failed.newest_first().summaries()).await?.jobs;
    let now = app.clock.now();
    let body = html! {
        h1 { "Overview" }
        div #figures data-live { (figures(&ctx, &stats)) }
        div #charts data-live { (charts(&app.sampler.samples())) }
        div #busiest data-live="calm" { (busiest(&app, &ctx).await) }
        div.columns #newest data-live="calm" {
            (waiting(&ctx, &stats))
            (failures(&ctx, &failed, now))
        }
    };
    Ok(layout::page(&ctx, "Overview", true, &body))
}

/// Snapshots that are held for less are usual.
const OLD: Duration = Duration::from_secs(60);

fn figures(ctx: &RequestContext, stats: &JobStats) -> Markup {
    let living = stats.living(HealthLimits::default().silence).count() as u64;
    html! {
        dl.figures {
            @for state in JobState::ALL {
                div class={ "figure " (state) @if stats.counts.of(state) > 0 { " some" } } {
                    dt { a href=(address(&ctx.url("/jobs"), [("state", state.as_str())])) { (state) } }
                    dd { (number(stats.counts.of(state))) }
                }
            }
            div.figure { dt { a href=(ctx.url("/queues")) { "longest wait" } } dd { (format_duration(stats.latency())) } }
            @if let Some(age) = stats.oldest_snapshot.as_ref().and_then(|snapshot| snapshot.age).filter(|age| *age >= OLD) {
                div.figure title=[stats.oldest_snapshot.as_ref().map(ToString::to_string)] {
                    dt { "oldest snapshot" }
                    dd { (format_duration(age)) }
                }
            }
            div.figure { dt { a href=(ctx.url("/processes")) { "processes" } } dd { (number(living)) } }
        }
    }
}

fn charts(samples: &Samples) -> Markup {
    let now = Instant::now();
    let throughput = samples.rate(now, |sample| sample.finished);
    let failures = samples.rate(now, |sample| sample.errors);
    let ready = samples.level(now, |sample| float(sample.ready));
    let wait = samples.level(now, |sample| sample.latency.as_secs_f64());
    let seconds: fn(f64) -> String =
        |seconds| format_duration(Duration::try_from_secs_f64(seconds).unwrap_or_default());
    html! {
        div.charts {
            @if samples.tells(|sample| sample.finished) {
                (Chart { title: "Finished per second", series: &throughput, format: rate, class: "good" }.render())
            }
            @if samples.tells(|sample| sample.errors) {
                (Chart { title: "Errors per second", series: &failures, format: rate, class: "bad" }.render())
            }
            (Chart { title: "Longest wait", series: &wait, format: seconds, class: "plain" }.render())
            (Chart { title: "Ready", series: &ready, format: rounded, class: "plain" }.render())
        }
    }
}

/// The queues with the longest waits.
fn waiting(ctx: &RequestContext, stats: &JobStats) -> Markup {
    let mut queues: Vec<_> = stats.queues.iter().collect();
    queues.sort_by_key(|queue| std::cmp::Reverse((queue.latency, queue.ready)));
    html! {
        section aria-labelledby="waiting" {
            h2 #waiting { a href=(ctx.url("/queues")) { "Queues" } }
            @if queues.is_empty() { p.empty { "No job is waiting." } }
            ul.rows {
                @for queue in queues.into_iter().take(QUEUES) {
                    li {
                        a href=(address(&ctx.url("/jobs"), [("state", "ready"), ("queue", &queue.name)])) { bdi { (queue.name) } }
                        @if queue.paused { " " span.badge.paused { "paused" } }
                        span.end { (number(queue.ready)) " ready, " (format_duration(queue.latency)) }
                        (queue_figures(ctx, &queue.name))
                    }
                }
            }
        }
    }
}

/// The newest failed jobs.
fn failures(ctx: &RequestContext, failed: &[JobRecord], now: Timestamp) -> Markup {
    html! {
        section aria-labelledby="failures" {
            h2 #failures { a href=(address(&ctx.url("/jobs"), [("state", "failed")])) { "Failed" } }
            @if failed.is_empty() { p.empty { "No job has failed." } }
            ul.rows {
                @for job in failed {
                    li {
                        a href=(ctx.url(&format!("/jobs/{}", job.id))) { bdi { (job.name) } }
                        @if let Some(error) = job.errors.last() {
                            " " span.why dir="auto" { (short(&error.message)) }
                            span.end { (time(now, error.at)) }
                        }
                        (job_figures(ctx, &job.name))
                    }
                }
            }
        }
    }
}
