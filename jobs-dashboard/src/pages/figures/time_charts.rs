//! The charts over time: how many attempts, how long they ran, how long they waited.

use std::time::Duration;

use jobs_core::{FigurePoint, FigureReport, Histogram, Timestamp};
use maud::{Markup, html};

use super::axis::{count, duration, round_end, round_end_of_seconds, whole_time};
use super::line_chart::{LineChart, Series};
use crate::stats::samples::float;

/// The quantiles that are shown: name, class, share.
pub(crate) const QUANTILES: [(&str, &str, f64); 3] = [("p50", "p50", 0.5), ("p95", "p95", 0.95), ("p99", "p99", 0.99)];

pub(crate) fn charts(report: &FigureReport) -> Markup {
    let starts: Vec<Timestamp> = report.points.iter().map(|point| point.start).collect();
    let chart = |title, lines, end, format| {
        let (range, deploys) = (report.range, report.deploys.as_slice());
        LineChart { title, lines, range, starts: &starts, deploys, end, format }.render()
    };
    let attempts = vec![
        rate(report, "attempts", "good", |point| point.figures.attempts),
        rate(report, "errors", "bad", |point| point.figures.errors),
    ];
    html! {
        div.plots {
            (chart("Attempts per minute", attempts, round_end, count))
            @if report.total.run.count() > 0 {
                (chart("Run time", quantiles(report, |point| &point.figures.run, &report.total.run), round_end_of_seconds, duration))
            }
            @if report.total.wait.count() > 0 {
                (chart("Wait", quantiles(report, |point| &point.figures.wait, &report.total.wait), round_end_of_seconds, duration))
            }
        }
        @if !report.deploys.is_empty() {
            p.deploys {
                "Dashed lines are deploys: "
                @for (index, deploy) in report.deploys.iter().enumerate() {
                    @if index > 0 { ", " }
                    strong { (deploy.version) } " at " time datetime=(deploy.at) { (whole_time(deploy.at)) " UTC" }
                }
                "."
            }
        }
    }
}

/// How many per minute. The last step has only begun, so that its part until now counts.
fn rate(report: &FigureReport, name: &'static str, class: &'static str, of: fn(&FigurePoint) -> u64) -> Series {
    let minutes = |start: Timestamp| {
        let length = report.range.step().min(report.now.duration_since(start));
        length.max(LEAST).as_secs_f64() / 60.0
    };
    let values = report.points.iter().map(|point| Some(float(of(point)) / minutes(point.start))).collect();
    let whole = super::super::format::number(report.points.iter().map(of).sum());
    Series { name, class, values, whole }
}

/// Attempts are added every ten seconds, so that a rate over less would jump.
const LEAST: Duration = Duration::from_secs(20);

fn quantiles(report: &FigureReport, of: fn(&FigurePoint) -> &Histogram, total: &Histogram) -> Vec<Series> {
    let seconds = |histogram: &Histogram, share| histogram.quantile(share).map(|found| found.as_secs_f64());
    let line = |(name, class, share)| {
        let values = report.points.iter().map(|point| seconds(of(point), share)).collect();
        Series { name, class, values, whole: seconds(total, share).map(duration).unwrap_or_default() }
    };
    QUANTILES.into_iter().map(line).collect()
}
