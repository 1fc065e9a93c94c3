//! The arguments of `figures`.

use clap::{Args, ValueEnum};
use jobs::figures::TimeRange;

use crate::args::values::non_empty;

#[derive(Args, Debug)]
pub(crate) struct FiguresArgs {
    /// The time that ends now: `hour`, `day` or `week`
    #[arg(long, default_value_t = TimeRange::Hour, value_name = "RANGE", value_parser = range)]
    pub(crate) range: TimeRange,
    /// One row for each job, or one for each queue
    #[arg(long, default_value = "job", value_enum)]
    pub(crate) by: FigureOrder,
    /// Only attempts of this job
    #[arg(long, value_name = "NAME", value_parser = non_empty)]
    pub(crate) job: Option<String>,
    /// Only attempts in this queue
    #[arg(long, value_name = "QUEUE", value_parser = non_empty)]
    pub(crate) queue: Option<String>,
}

/// What the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FigureOrder {
    Job,
    Queue,
}

fn range(text: &str) -> Result<TimeRange, String> {
    text.parse().map_err(|error: jobs::Error| error.to_string())
}
