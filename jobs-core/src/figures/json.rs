//! The JSON form of figures.

use std::time::Duration;

use serde::Serialize;

use super::{AttemptFigures, Deploy, FigureReport, Histogram, NamedFigures};

/// The figures of a range.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FigureSummary {
    /// The range: `hour`, `day` or `week`.
    pub range: &'static str,
    /// How long a step is.
    pub step_seconds: u64,
    /// When the figures were read, by the clock of the store.
    pub at: String,
    /// All of it together.
    pub total: AttemptSummary,
    /// How the run times are distributed.
    pub run_buckets: Vec<Bucket>,
    /// How the waits are distributed.
    pub wait_buckets: Vec<Bucket>,
    /// Each job.
    pub jobs: Vec<JobFigures>,
    /// Each queue; empty if the store does not know the queues.
    pub queues: Vec<QueueFigures>,
    /// Each step, the oldest first.
    pub steps: Vec<FigureStep>,
    /// When a version of the program was first started.
    pub deploys: Vec<DeployMark>,
}

/// The figures of a job.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct JobFigures {
    /// The name of the job.
    pub job: String,
    /// Its figures.
    #[serde(flatten)]
    pub attempts: AttemptSummary,
}

/// The figures of a queue.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct QueueFigures {
    /// The name of the queue.
    pub queue: String,
    /// Its figures.
    #[serde(flatten)]
    pub attempts: AttemptSummary,
}

/// The figures of a step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FigureStep {
    /// When it began.
    pub start: String,
    /// Its figures.
    #[serde(flatten)]
    pub attempts: AttemptSummary,
}

/// Attempts that ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AttemptSummary {
    /// How many.
    pub attempts: u64,
    /// How many of them ended in an error.
    pub errors: u64,
    /// How long they ran.
    pub run: Distribution,
    /// How long the job had been due when they began.
    pub wait: Distribution,
}

/// A distribution of durations. Means and quantiles are null without durations.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Distribution {
    /// How many durations there are.
    pub count: u64,
    /// Their mean.
    pub mean_seconds: Option<f64>,
    /// Half of them are not longer.
    pub p50_seconds: Option<f64>,
    /// 95 % of them are not longer.
    pub p95_seconds: Option<f64>,
    /// 99 % of them are not longer.
    pub p99_seconds: Option<f64>,
}

/// How many durations there are between two bounds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Bucket {
    /// The lower bound.
    pub from_seconds: f64,
    /// The upper bound, which is not in the bucket.
    pub until_seconds: f64,
    /// How many.
    pub count: u64,
}

/// When a version of the program was first started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct DeployMark {
    /// When.
    pub at: String,
    /// The version.
    pub version: String,
}

impl From<&FigureReport> for FigureSummary {
    fn from(report: &FigureReport) -> Self {
        let step = |point: &super::FigurePoint| FigureStep {
            start: point.start.to_string(),
            attempts: (&point.figures).into(),
        };
        let deploy = |deploy: &Deploy| DeployMark { at: deploy.at.to_string(), version: deploy.version.clone() };
        Self {
            range: report.range.as_str(),
            step_seconds: report.range.step().as_secs(),
            at: report.now.to_string(),
            total: (&report.total).into(),
            run_buckets: buckets(&report.total.run),
            wait_buckets: buckets(&report.total.wait),
            jobs: report.jobs.iter().map(JobFigures::from).collect(),
            queues: report.queues.iter().map(QueueFigures::from).collect(),
            steps: report.points.iter().map(step).collect(),
            deploys: report.deploys.iter().map(deploy).collect(),
        }
    }
}

impl From<&NamedFigures> for JobFigures {
    fn from(of: &NamedFigures) -> Self {
        Self { job: of.name.clone(), attempts: (&of.figures).into() }
    }
}

impl From<&NamedFigures> for QueueFigures {
    fn from(of: &NamedFigures) -> Self {
        Self { queue: of.name.clone(), attempts: (&of.figures).into() }
    }
}

impl From<&AttemptFigures> for AttemptSummary {
    fn from(figures: &AttemptFigures) -> Self {
        let AttemptFigures { attempts, errors, run, wait } = figures;
        Self { attempts: *attempts, errors: *errors, run: run.into(), wait: wait.into() }
    }
}

impl From<&Histogram> for Distribution {
    fn from(durations: &Histogram) -> Self {
        let seconds = |duration: Option<Duration>| duration.as_ref().map(Duration::as_secs_f64);
        Self {
            count: durations.count(),
            mean_seconds: seconds(durations.mean()),
            p50_seconds: seconds(durations.quantile(0.5)),
            p95_seconds: seconds(durations.quantile(0.95)),
            p99_seconds: seconds(durations.quantile(0.99)),
        }
    }
}

fn buckets(durations: &Histogram) -> Vec<Bucket> {
    let bucket = |(from, until, count): (Duration, Duration, u64)| Bucket {
        from_seconds: from.as_secs_f64(),
        until_seconds: until.as_secs_f64(),
        count,
    };
    durations.buckets().into_iter().map(bucket).collect()
}
