//! A chart with lines over time, drawn as SVG, with axes and deploys.

use std::fmt::Write;

use jobs_core::{Deploy, TimeRange, Timestamp};
use maud::{Markup, html};

use super::axis::{time_label, whole_time};

/// One line.
pub(crate) struct Series {
    /// Its name in the legend.
    pub(crate) name: &'static str,
    /// The CSS class that colours it.
    pub(crate) class: &'static str,
    /// A value for each step; `None` is a gap.
    pub(crate) values: Vec<Option<f64>>,
    /// The value of the whole range, for the legend.
    pub(crate) whole: String,
}

/// A chart.
pub(crate) struct LineChart<'a> {
    pub(crate) title: &'a str,
    pub(crate) lines: Vec<Series>,
    pub(crate) range: TimeRange,
    /// The starts of the steps.
    pub(crate) starts: &'a [Timestamp],
    pub(crate) deploys: &'a [Deploy],
    /// The end of the axis for the highest value, and how a value is written.
    pub(crate) end: fn(f64) -> f64,
    pub(crate) format: fn(f64) -> String,
}

const HEIGHT: f64 = 100.0;
/// The width of a step in units of the view box.
const STEP: usize = 10;

impl LineChart<'_> {
    /// The chart. Its label says in words what the drawing shows; all values are in the table of the page.
    pub(crate) fn render(&self) -> Markup {
        let highest = self.lines.iter().flat_map(|line| line.values.iter().flatten()).copied().fold(0.0, f64::max);
        let end = (self.end)(highest);
        html! {
            figure.plot {
                figcaption { (self.title) }
                (self.legend())
                div.plane {
                    p.side aria-hidden="true" {
                        @for share in [1.0, 0.5, 0.0] { span { ((self.format)(end * share)) } }
                    }
                    svg viewBox={ "0 -2 " (STEP * self.starts.len()) " 104" } preserveAspectRatio="none" role="img"
                        aria-label=(self.label(highest)) {
                        path.grid d={ "M0 0H" (STEP * self.starts.len()) "M0 50H" (STEP * self.starts.len()) }
                            vector-effect="non-scaling-stroke" {}
                        @for deploy in self.deploys { (self.mark(deploy)) }
                        @for line in &self.lines {
                            path class={ "stroke " (line.class) } d=(path(&line.values, end)) vector-effect="non-scaling-stroke" {}
                        }
                        @for (step, start) in self.starts.iter().enumerate() { (self.values_of(step, *start)) }
                    }
                    p.bottom aria-hidden="true" { @for label in self.time_labels() { span { (label) } } }
                }
            }
        }
    }

    fn legend(&self) -> Markup {
        html! {
            ul.legend {
                @for line in &self.lines {
                    li { span class={ "key " (line.class) } aria-hidden="true" {} (line.name) " " strong { (line.whole) } }
                }
            }
        }
    }

    fn label(&self, highest: f64) -> String {
        let lines: Vec<_> = self.lines.iter().map(|line| format!("{} {}", line.name, line.whole)).collect();
        let highest = (self.format)(highest);
        format!("{} in the last {}: {}; highest value {highest}", self.title, self.range, lines.join(", "))
    }

    /// A vertical line where a version was first started.
    fn mark(&self, deploy: &Deploy) -> Markup {
        let step = self.starts.iter().rposition(|start| *start <= deploy.at).unwrap_or(0);
        html! {
            path.deploy d={ "M" (STEP * step + STEP / 2) " -2V102" } vector-effect="non-scaling-stroke" {
                title { "Version " (deploy.version) " started at " (whole_time(deploy.at)) " UTC" }
            }
        }
    }

    /// The values of a step, which a browser shows when the pointer is on it.
    fn values_of(&self, step: usize, start: Timestamp) -> Markup {
        let value = |line: &Series| Some(format!("{} {}", line.name, (self.format)((*line.values.get(step)?)?)));
        let values: Vec<_> = self.lines.iter().filter_map(value).collect();
        html! {
            @if !values.is_empty() {
                rect.hover x=(STEP * step) y="-2" width=(STEP) height="104" {
                    title { (whole_time(start)) " UTC: " (values.join(", ")) }
                }
            }
        }
    }

    /// Five times, evenly along the axis.
    fn time_labels(&self) -> Vec<String> {
        let last = self.starts.len().saturating_sub(1);
        let at = |quarter: usize| self.starts.get(last * quarter / 4).map(|start| time_label(self.range, *start));
        (0..4).filter_map(at).chain(["now".to_owned()]).collect()
    }
}

/// The path of a line, with gaps where it has no values. A value lies in the middle of its step.
fn path(values: &[Option<f64>], end: f64) -> String {
    let (mut path, mut is_gap) = (String::new(), true);
    for (step, value) in values.iter().enumerate() {
        let Some(value) = value else {
            is_gap = true;
            continue;
        };
        let (x, y) = (STEP * step + STEP / 2, HEIGHT - value / end * HEIGHT);
        // Writing to a string cannot fail. A value alone would have no length and be invisible.
        let is_alone = is_gap && values.get(step + 1).copied().flatten().is_none();
        let _written = match (is_gap, is_alone) {
            (_, true) => write!(path, "M{} {y:.1}h4", x - 2),
            (true, false) => write!(path, "M{x} {y:.1}"),
            (false, false) => write!(path, "L{x} {y:.1}"),
        };
        is_gap = false;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_gaps_and_a_single_value_is_visible() {
        assert_eq!(path(&[Some(0.0), Some(5.0), None, Some(10.0)], 10.0), "M5 100.0L15 50.0M33 0.0h4");
    }
}
