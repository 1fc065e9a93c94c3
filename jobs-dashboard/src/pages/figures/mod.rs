//! The figures of attempts in the last hour, day or week: of all jobs, of one job, or of one queue.

mod axis;
mod histogram;
mod line_chart;
mod links;
mod summary;
mod tables;
mod time_charts;

use axum::extract::State;
use jobs_core::{FigureFilter, FigureReport, StoreExt, TimeRange};
use maud::{Markup, html};

use super::layout;
use super::{PageResult, SharedState};
use crate::app_state::AppState;
use crate::error::HttpError;
use crate::request::context::RequestContext;
use crate::request::fields::{Fields, address};

pub(crate) use links::{job_figures, queue_figures};
pub(crate) use tables::busiest;

impl AppState {
    /// The figures that the fields `range`, `job` and `queue` select.
    pub(crate) async fn figures(&self, fields: &Fields) -> Result<FigureReport, HttpError> {
        Ok(self.store.require_figures()?.report(&filter(fields)?).await?)
    }
}

/// The filter that the fields say.
fn filter(fields: &Fields) -> Result<FigureFilter, HttpError> {
    let range = fields.value("range").map(str::parse).transpose()?.unwrap_or_default();
    let mut filter = FigureFilter::all(range);
    (filter.job, filter.queue) = (fields.value("name").map(str::to_owned), fields.value("queue").map(str::to_owned));
    Ok(filter)
}

pub(crate) async fn figures(State(app): SharedState, ctx: RequestContext) -> PageResult {
    let filter = filter(&ctx.query)?;
    let report = app.figures(&ctx.query).await?;
    let title = title(&filter);
    let body = html! {
        h1 { bdi { (title) } }
        (ranges(&ctx, &filter))
        div #attempts data-live="calm" {
            @if report.total.attempts == 0 {
                p.empty { "No attempt ended in this time." }
            } @else {
                (summary::summary(&report))
                (time_charts::charts(&report))
                (histogram::histograms(&report))
            }
            (tables::tables(&ctx, &filter, &report))
            @if report.total.attempts > 0 { (tables::steps(&report)) }
        }
    };
    Ok(layout::page(&ctx, &title, true, &body))
}

fn title(filter: &FigureFilter) -> String {
    match (&filter.job, &filter.queue) {
        (Some(job), Some(queue)) => format!("Job {job} in the queue {queue}"),
        (Some(job), None) => format!("Job {job}"),
        (None, Some(queue)) => format!("Queue {queue}"),
        (None, None) => "Figures".to_owned(),
    }
}

/// The choice of the range, and the way back from one job or queue.
fn ranges(ctx: &RequestContext, filter: &FigureFilter) -> Markup {
    html! {
        nav.tabs aria-label="Time range" {
            @for range in TimeRange::ALL {
                a href=(of(ctx, range, filter.job.as_deref(), filter.queue.as_deref()))
                    aria-current=[(range == filter.range).then_some("page")] { "Last " (range) }
            }
            @if filter.job.is_some() || filter.queue.is_some() {
                a href=(of(ctx, filter.range, None, None)) { "All jobs and queues" }
                a href=(stored(ctx, filter)) { "Stored jobs" }
            }
        }
    }
}

/// The address of the list of the jobs that are stored.
fn stored(ctx: &RequestContext, filter: &FigureFilter) -> String {
    let fields = [("name", filter.job.as_deref()), ("queue", filter.queue.as_deref())];
    address(&ctx.url("/jobs"), fields.map(|(field, value)| (field, value.unwrap_or_default())))
}

/// The address of the figures of a job or a queue.
fn of(ctx: &RequestContext, range: TimeRange, job: Option<&str>, queue: Option<&str>) -> String {
    let fields = [("range", range.as_str()), ("job", job.unwrap_or_default()), ("queue", queue.unwrap_or_default())];
    address(&ctx.url("/figures"), fields)
}
