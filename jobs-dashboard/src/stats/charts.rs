//! Draws charts as SVG.

use std::fmt::Write;

use maud::{Markup, html};

use crate::stats::samples::{ChartSeries, POINTS};

/// A series with its title.
pub(crate) struct Chart<'a> {
    pub(crate) title: &'a str,
    pub(crate) series: &'a ChartSeries,
    /// Formats a value.
    pub(crate) format: fn(f64) -> String,
    /// The CSS class that colours it.
    pub(crate) class: &'a str,
}

/// The height of the drawing, and the width of a point, in units of the view box.
const HEIGHT: f64 = 100.0;
const STEP: usize = 5;

impl Chart<'_> {
    /// The chart with its title, its current and its highest value. The label says the same to users who cannot see the drawing.
    pub(crate) fn render(&self) -> Markup {
        let (series, format) = (self.series, self.format);
        let highest = series.highest;
        let now = series.last.map_or_else(|| "–".to_owned(), format);
        let label = format!("{} in the last 30 minutes: now {now}, highest {}", self.title, format(highest));
        let (stroke, area) = paths(series, if highest > 0.0 { highest } else { 1.0 });
        html! {
            figure class={ "chart " (self.class) } {
                figcaption { span { (self.title) } strong { (now) } }
                @if series.is_empty() {
                    p.empty { "Nothing to draw yet: there is no sample of the last 30 minutes." }
                } @else {
                    svg viewBox={ "0 -2 " (STEP * (POINTS - 1)) " 104" } preserveAspectRatio="none" role="img" aria-label=(label) {
                        path.area d=(area) {}
                        path.stroke d=(stroke) vector-effect="non-scaling-stroke" {}
                    }
                    p.scale aria-hidden="true" { span { "30m ago" } span { "highest " (format(highest)) } span { "now" } }
                }
            }
        }
    }
}

/// The path of the line and the path of the area below it. Both have gaps where the series has no values.
fn paths(series: &ChartSeries, top: f64) -> (String, String) {
    let (mut stroke, mut area) = (String::new(), String::new());
    for run in runs(series) {
        let Some((first, last)) = run.first().zip(run.last()) else { continue };
        let mut points = String::new();
        for (x, value) in &run {
            // Writing to a string cannot fail.
            let _written = write!(points, "L{x} {:.1}", HEIGHT - value / top * HEIGHT);
        }
        let start = points.replacen('L', "M", 1);
        // A single point would have no length and be invisible.
        stroke += &start;
        stroke += if run.len() == 1 { "h1" } else { "" };
        let _written = write!(area, "M{} {HEIGHT}{points}L{} {HEIGHT}Z", first.0, last.0);
    }
    (stroke, area)
}

/// The points, split at the gaps.
fn runs(series: &ChartSeries) -> Vec<Vec<(usize, f64)>> {
    let points = series.points.iter().enumerate().map(|(index, value)| (index * STEP, *value)).collect::<Vec<_>>();
    let pieces = points.split(|(_, value)| value.is_none()).filter(|piece| !piece.is_empty());
    pieces.map(|piece| piece.iter().filter_map(|(x, value)| Some((*x, (*value)?))).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_gaps_without_samples_and_a_single_sample_is_visible() {
        let mut points = vec![None; POINTS];
        (points[0], points[1], points[4]) = (Some(1.0), Some(2.0), Some(0.0));
        let (stroke, area) = paths(&ChartSeries { points, last: Some(0.0), highest: 2.0 }, 2.0);
        assert_eq!(stroke, "M0 50.0L5 0.0M20 100.0h1");
        assert_eq!(area, "M0 100L0 50.0L5 0.0L5 100ZM20 100L20 100.0L20 100Z");
    }
}
