//! Lines, drawn as SVG.

use std::fmt::Write;

use maud::{Markup, html};

use crate::samples::{Line, POINTS};

/// What a line is of.
pub(crate) struct Chart<'a> {
    pub(crate) title: &'a str,
    pub(crate) line: &'a Line,
    /// A value of it in words.
    pub(crate) words: fn(f64) -> String,
    /// The class that colours it.
    pub(crate) class: &'a str,
}

/// Its height in the units of its drawing; a point is five wide.
const HEIGHT: f64 = 100.0;
const STEP: usize = 5;

impl Chart<'_> {
    /// The line with its title, its last and its highest value in words, so that nobody has to see it.
    pub(crate) fn drawn(&self) -> Markup {
        let (line, words) = (self.line, self.words);
        let highest = line.highest();
        let now = line.last.map_or_else(|| "–".to_owned(), words);
        let spoken = format!("{} in the last 30 minutes: now {now}, at most {}", self.title, words(highest));
        let (stroke, area) = paths(line, if highest > 0.0 { highest } else { 1.0 });
        html! {
            figure class={ "chart " (self.class) } {
                figcaption { span { (self.title) } strong { (now) } }
                svg viewBox={ "0 -2 " (STEP * (POINTS - 1)) " 104" } preserveAspectRatio="none" role="img" aria-label=(spoken) {
                    path.area d=(area) {}
                    path.stroke d=(stroke) vector-effect="non-scaling-stroke" {}
                }
                p.scale aria-hidden="true" { span { "30m ago" } span { "at most " (words(highest)) } span { "now" } }
            }
        }
    }
}

/// The line itself, and what lies under it. Where nothing was seen it is broken.
fn paths(line: &Line, top: f64) -> (String, String) {
    let (mut stroke, mut area) = (String::new(), String::new());
    for run in runs(line) {
        let Some((first, last)) = run.first().zip(run.last()) else { continue };
        let mut points = String::new();
        for (x, value) in &run {
            // A text takes what is written to it.
            let _written = write!(points, "L{x} {:.1}", HEIGHT - value / top * HEIGHT);
        }
        let begin = points.replacen('L', "M", 1);
        // A single look is a short line, or it would not be seen.
        stroke += &begin;
        stroke += if run.len() == 1 { "h1" } else { "" };
        let _written = write!(area, "M{} {HEIGHT}{points}L{} {HEIGHT}Z", first.0, last.0);
    }
    (stroke, area)
}

/// The points in pieces without a gap.
fn runs(line: &Line) -> Vec<Vec<(usize, f64)>> {
    let points = line.points.iter().enumerate().map(|(place, value)| (place * STEP, *value)).collect::<Vec<_>>();
    let pieces = points.split(|(_, value)| value.is_none()).filter(|piece| !piece.is_empty());
    pieces.map(|piece| piece.iter().filter_map(|(x, value)| Some((*x, (*value)?))).collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_broken_where_nothing_was_seen_and_a_single_look_is_seen() {
        let mut points = vec![None; POINTS];
        (points[0], points[1], points[4]) = (Some(1.0), Some(2.0), Some(0.0));
        let (stroke, area) = paths(&Line { points, last: Some(0.0) }, 2.0);
        assert_eq!(stroke, "M0 50.0L5 0.0M20 100.0h1");
        assert_eq!(area, "M0 100L0 50.0L5 0.0L5 100ZM20 100L20 100.0L20 100Z");
    }
}
