//! The tables of jobs, of queues, and of the steps of the range.

use std::cmp::Reverse;

use jobs_core::{AttemptFigures, FigureFilter, FigureReport, Histogram, NamedFigures, TimeRange};
use maud::{Markup, html};

use super::super::format::number;
use super::axis::{duration, whole_time};
use super::time_charts::QUANTILES;
use super::{of, summary::share};
use crate::app_state::AppState;
use crate::request::context::RequestContext;

/// How many jobs or queues a table shows, and how many the overview shows.
const MOST: usize = 200;
const FEW: usize = 8;

/// The jobs and the queues in the range. A page of one job has no table of jobs, and one of a queue none of queues.
pub(crate) fn tables(ctx: &RequestContext, filter: &FigureFilter, report: &FigureReport) -> Markup {
    let job = |name: &str| of(ctx, filter.range, Some(name), filter.queue.as_deref());
    let queue = |name: &str| of(ctx, filter.range, filter.job.as_deref(), Some(name));
    html! {
        @if filter.job.is_none() && !report.jobs.is_empty() { (table("Jobs", "Job", &report.jobs, MOST, job)) }
        @if filter.queue.is_none() && !report.queues.is_empty() { (table("Queues", "Queue", &report.queues, MOST, queue)) }
    }
}

/// The busiest jobs of the last hour, for the overview; nothing if the store keeps no figures or there are none.
pub(crate) async fn busiest(app: &AppState, ctx: &RequestContext) -> Markup {
    let job = |name: &str| of(ctx, TimeRange::Hour, Some(name), None);
    match app.last_hour.get(app.store.as_ref()).await {
        Ok(jobs) if jobs.is_empty() => html! {},
        Ok(jobs) => table("Jobs in the last hour", "Job", &jobs, FEW, job),
        Err(error) => html! { p.bad { "The figures cannot be read: " (error) } },
    }
}

fn table(title: &str, head: &str, named: &[NamedFigures], most: usize, to: impl Fn(&str) -> String) -> Markup {
    let mut busiest: Vec<_> = named.iter().collect();
    busiest.sort_by_key(|of| Reverse(of.figures.attempts));
    html! {
        h2 { (title) }
        div.wide tabindex="0" role="region" aria-label=(title) {
            table {
                (heads(head))
                tbody {
                    @for of in busiest.iter().take(most) {
                        tr {
                            th scope="row" { a href=(to(&of.name)) { @if of.name.trim().is_empty() { "(no name)" } @else { bdi { (of.name) } } } }
                            (cells(&of.figures))
                        }
                    }
                }
            }
        }
        @if busiest.len() > most { p.empty { "And " (number((busiest.len() - most) as u64)) " more with fewer attempts." } }
    }
}

fn heads(first: &str) -> Markup {
    html! {
        thead {
            tr {
                th scope="col" { (first) }
                th.number scope="col" { "Attempts" }
                th.number scope="col" { "Errors" }
                @for (name, ..) in QUANTILES { th.number scope="col" { "Run " (name) } }
                @for (name, ..) in QUANTILES { th.number scope="col" { "Wait " (name) } }
            }
        }
    }
}

fn cells(figures: &AttemptFigures) -> Markup {
    let AttemptFigures { attempts, errors, run, wait, .. } = figures;
    html! {
        td.number { (number(*attempts)) }
        td.number {
            @if *errors > 0 { span.bad { (number(*errors)) } " " small { (share(*errors, *attempts)) } } @else { "0" }
        }
        (quantiles(run)) (quantiles(wait))
    }
}

fn quantiles(durations: &Histogram) -> Markup {
    html! {
        @for (.., share) in QUANTILES {
            td.number { @match durations.quantile(share) { Some(found) => (duration(found.as_secs_f64())), None => "–" } }
        }
    }
}

/// The values of the charts as a table, which opens on demand: the newest step first, without those in which nothing ended.
pub(crate) fn steps(report: &FigureReport) -> Markup {
    html! {
        details.steps {
            summary.button { "Values of the charts" }
            div.wide tabindex="0" role="region" aria-label="Values of the charts" {
                table {
                    (heads("From (UTC)"))
                    tbody {
                        @for point in report.points.iter().rev().filter(|point| point.figures.attempts > 0) {
                            tr { th scope="row" { (whole_time(point.start)) } (cells(&point.figures)) }
                        }
                    }
                }
            }
        }
    }
}
