//! Figures of a range as people read them: the whole, by job, by queue, and step by step.

use std::collections::BTreeMap;

use super::{AttemptFigures, Deploy, FigureRow, FigureRows, TimeRange};
use crate::Timestamp;

/// The figures of a range that ended when they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FigureReport {
    /// The range.
    pub range: TimeRange,
    /// When they were read, by the clock of the store.
    pub now: Timestamp,
    /// All of it together.
    pub total: AttemptFigures,
    /// Each job, by its name.
    pub jobs: Vec<NamedFigures>,
    /// Each queue, by its name. Empty if the store does not know the queues.
    pub queues: Vec<NamedFigures>,
    /// Each step of the range, the oldest first, also those without attempts. The last one has only begun.
    pub points: Vec<FigurePoint>,
    /// The deploys in the range, the oldest first.
    pub deploys: Vec<Deploy>,
}

/// The figures of one job, or of one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NamedFigures {
    /// Its name.
    pub name: String,
    /// Its figures in the whole range.
    pub figures: AttemptFigures,
}

/// The figures of one step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FigurePoint {
    /// When the step began.
    pub start: Timestamp,
    /// Its figures.
    pub figures: AttemptFigures,
}

impl FigureReport {
    /// The report of what a store has of a range. Rows of other steps are left out.
    pub fn new(range: TimeRange, found: FigureRows) -> Self {
        let FigureRows { now, rows, deploys } = found;
        let starts = range.starts(now);
        let mut points: BTreeMap<_, _> = starts.map(|start| (start, AttemptFigures::default())).collect();
        let (mut jobs, mut queues, mut total) = (BTreeMap::new(), BTreeMap::new(), AttemptFigures::default());
        for FigureRow { start, job, queue, figures, .. } in rows.into_iter().filter(|row| row.range == range) {
            let Some(point) = points.get_mut(&start) else { continue };
            point.merge(&figures);
            total.merge(&figures);
            add(&mut jobs, job, &figures);
            if !queue.is_empty() {
                add(&mut queues, queue, &figures);
            }
        }
        let point = |(start, figures)| FigurePoint { start, figures };
        Self {
            range,
            now,
            total,
            jobs: named(jobs),
            queues: named(queues),
            points: points.into_iter().map(point).collect(),
            deploys: deploys.into_iter().filter(|deploy| deploy.at >= range.first(now)).collect(),
        }
    }
}

fn add(all: &mut BTreeMap<String, AttemptFigures>, name: String, figures: &AttemptFigures) {
    all.entry(name).or_default().merge(figures);
}

fn named(all: BTreeMap<String, AttemptFigures>) -> Vec<NamedFigures> {
    all.into_iter().map(|(name, figures)| NamedFigures { name, figures }).collect()
}
