//! The figures of the whole range in one row.

use std::time::Duration;

use jobs_core::FigureReport;
use maud::{Markup, html};

use super::super::format::number;
use super::axis::duration;
use crate::stats::samples::float;

pub(crate) fn summary(report: &FigureReport) -> Markup {
    let total = &report.total;
    let shown = |found: Option<Duration>| found.map_or_else(|| "–".to_owned(), |found| duration(found.as_secs_f64()));
    let durations = [
        ("mean run time", total.run.mean()),
        ("run time p95", total.run.quantile(0.95)),
        ("wait p95", total.wait.quantile(0.95)),
    ];
    html! {
        dl.figures {
            div.figure { dt { "attempts" } dd { (number(total.attempts)) } }
            div class={ "figure failed" @if total.errors > 0 { " some" } } {
                dt { "errors" }
                dd { (number(total.errors)) " " small { (share(total.errors, total.attempts)) } }
            }
            @for (name, found) in durations {
                div.figure { dt { (name) } dd { (shown(found)) } }
            }
        }
    }
}

/// A part of a whole in percent, with a decimal place if it is small.
pub(crate) fn share(part: u64, whole: u64) -> String {
    let percent = if whole == 0 { 0.0 } else { float(part) / float(whole) * 100.0 };
    if percent > 0.0 && percent < 10.0 { format!("{percent:.1} %") } else { format!("{percent:.0} %") }
}
