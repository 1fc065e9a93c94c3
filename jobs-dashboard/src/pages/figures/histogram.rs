//! The distributions of run times and waits as bars.

use std::time::Duration;

use jobs_core::{FigureReport, Histogram};
use maud::{Markup, html};

use super::super::format::number;
use super::axis::duration;
use super::summary::share;
use crate::stats::samples::float;

/// The width of a bar with its gap in units of the view box.
const BAR: usize = 10;

pub(crate) fn histograms(report: &FigureReport) -> Markup {
    html! {
        div.plots {
            (bars("Distribution of run times", &report.total.run))
            (bars("Distribution of waits", &report.total.wait))
        }
    }
}

fn bars(title: &str, histogram: &Histogram) -> Markup {
    let buckets = histogram.buckets();
    let highest = buckets.iter().map(|(.., count)| *count).max().unwrap_or(0);
    let (Some((from, ..)), Some((_, until, _))) = (buckets.first(), buckets.last()) else { return html! {} };
    let middle = buckets.get(buckets.len() / 2).map_or(*from, |(from, ..)| *from);
    let label = format!("{title}: {} between {} and {}", number(histogram.count()), seconds(*from), seconds(*until));
    html! {
        figure.plot {
            figcaption { (title) }
            div.plane {
                p.side aria-hidden="true" { span { (number(highest)) } span { "0" } }
                svg viewBox={ "0 -2 " (BAR * buckets.len()) " 104" } preserveAspectRatio="none" role="img" aria-label=(label) {
                    @for (index, bucket) in buckets.iter().enumerate() { (bar(index, bucket, highest, histogram.count())) }
                }
                p.bottom aria-hidden="true" {
                    span { (seconds(*from)) }
                    @if buckets.len() > 2 { span { (seconds(middle)) } }
                    span { (seconds(*until)) }
                }
            }
        }
    }
}

/// A bar. One that is not empty is high enough to be seen.
fn bar(index: usize, bucket: &(Duration, Duration, u64), highest: u64, all: u64) -> Markup {
    let (from, until, count) = bucket;
    let height = if *count == 0 { 0.0 } else { (float(*count) / float(highest.max(1)) * 100.0).max(1.5) };
    html! {
        @if *count > 0 {
            rect.bar x=(BAR * index + 1) y={ (format!("{:.1}", 100.0 - height)) } width=(BAR - 2) height={ (format!("{height:.1}")) } {
                title { (seconds(*from)) " to " (seconds(*until)) ": " (number(*count)) ", " (share(*count, all)) }
            }
        }
    }
}

fn seconds(bound: Duration) -> String {
    duration(bound.as_secs_f64())
}
