//! Figures on their way into a store, as rows in it, and on their way out.

use super::{AttemptFigures, Deploy, TimeRange};
use crate::Timestamp;

/// Figures of the attempts of one job in one queue.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobFigures {
    /// The name of the job.
    pub job: String,
    /// The name of the queue.
    pub queue: String,
    /// The figures.
    pub figures: AttemptFigures,
}

impl JobFigures {
    /// These figures of this job in this queue.
    pub fn new(job: impl Into<String>, queue: impl Into<String>, figures: AttemptFigures) -> Self {
        Self { job: job.into(), queue: queue.into(), figures }
    }
}

/// What a process adds to the figures of a store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct NewFigures {
    /// The attempts that ended since it added figures before; a job and queue may be there more than once.
    pub jobs: Vec<JobFigures>,
    /// The version of the program, if the process has just been started and knows it.
    pub started_version: Option<String>,
}

impl NewFigures {
    /// These attempts.
    pub const fn new(jobs: Vec<JobFigures>) -> Self {
        Self { jobs, started_version: None }
    }

    /// The same, of a process that has just been started and has this version.
    pub fn started(self, version: impl Into<String>) -> Self {
        Self { started_version: Some(version.into()), ..self }
    }

    /// Whether there is nothing to add.
    pub const fn is_empty(&self) -> bool {
        self.jobs.is_empty() && self.started_version.is_none()
    }
}

/// Figures of one job in one queue and one step of a range. The first four fields are the key of the row.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FigureRow {
    /// The range, whose step it is.
    pub range: TimeRange,
    /// When the step began.
    pub start: Timestamp,
    /// The name of the job.
    pub job: String,
    /// The name of the queue.
    pub queue: String,
    /// The figures.
    pub figures: AttemptFigures,
}

impl FigureRow {
    /// These figures of a job, in this step.
    pub fn new(range: TimeRange, start: Timestamp, of: JobFigures) -> Self {
        Self { range, start, job: of.job, queue: of.queue, figures: of.figures }
    }
}

/// Which figures are read: those of a range, and of one job or one queue if these are set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FigureFilter {
    /// The range.
    pub range: TimeRange,
    /// Only of this job.
    pub job: Option<String>,
    /// Only of this queue.
    pub queue: Option<String>,
}

impl FigureFilter {
    /// All figures of a range.
    pub const fn all(range: TimeRange) -> Self {
        Self { range, job: None, queue: None }
    }

    /// Only of this job.
    pub fn job(self, job: impl Into<String>) -> Self {
        Self { job: Some(job.into()), ..self }
    }

    /// Only of this queue.
    pub fn queue(self, queue: impl Into<String>) -> Self {
        Self { queue: Some(queue.into()), ..self }
    }

    /// Whether a row is among the figures that are read at this time.
    pub fn matches(&self, row: &FigureRow, now: Timestamp) -> bool {
        let is_of = |wanted: &Option<String>, name: &str| wanted.as_deref().is_none_or(|wanted| wanted == name);
        let in_range = row.range == self.range && row.start >= self.range.first(now);
        in_range && is_of(&self.job, &row.job) && is_of(&self.queue, &row.queue)
    }
}

/// What a store answers: the rows that match, in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FigureRows {
    /// The time of the store's clock.
    pub now: Timestamp,
    /// The rows.
    pub rows: Vec<FigureRow>,
    /// All deploys, the oldest first.
    pub deploys: Vec<Deploy>,
}

impl FigureRows {
    /// These rows and deploys, at this time of the store's clock.
    pub const fn new(now: Timestamp, rows: Vec<FigureRow>, deploys: Vec<Deploy>) -> Self {
        Self { now, rows, deploys }
    }
}
