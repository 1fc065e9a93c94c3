//! The arguments of commands that list, show and change jobs.

use std::time::Duration;

use clap::Args;
use jobs::store::Cursor;
use jobs::{JobId, Timestamp};

use crate::args::job_filter::JobFilterArgs;
use crate::args::values::{at_least_one, cursor, duration, job_id, timestamp};

#[derive(Args, Debug)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) filter: JobFilterArgs,
    /// The maximum number of jobs to list
    #[arg(short, long, default_value_t = 100, value_name = "COUNT")]
    pub(crate) limit: usize,
    /// Lists the newest jobs first instead of the oldest
    #[arg(long)]
    pub(crate) newest: bool,
    /// Continues after this position, which the previous page returned; the id of its last job, unless the store says
    /// otherwise
    #[arg(long, value_name = "POSITION", value_parser = cursor)]
    pub(crate) after: Option<Cursor>,
}

#[derive(Args, Debug)]
pub(crate) struct FailuresArgs {
    /// The maximum number of failed jobs to read, the newest first
    #[arg(long, default_value_t = 10_000, value_name = "COUNT", value_parser = at_least_one)]
    pub(crate) read: usize,
}

#[derive(Args, Debug)]
pub(crate) struct ShowArgs {
    /// The id of the job
    #[arg(value_parser = job_id)]
    pub(crate) id: JobId,
    /// Shows the arguments even if this program does not know which of them are secret
    #[arg(long)]
    pub(crate) arguments: bool,
}

/// Selects jobs by their ids, or all jobs that match.
#[derive(Args, Debug)]
pub(crate) struct ChangeArgs {
    /// The ids of the jobs; without ids, the flags below select them
    #[arg(value_parser = job_id, value_name = "ID",
          conflicts_with_all = ["state", "queue", "name", "text", "error", "failure", "since", "until", "process"])]
    pub(crate) ids: Vec<JobId>,
    #[command(flatten)]
    pub(crate) filter: JobFilterArgs,
    /// Changes all jobs that match the flags; without it they are only counted. Ids do not need it
    #[arg(long)]
    pub(crate) yes: bool,
    /// Counts all jobs that match, also many, and changes nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
}

#[derive(Args, Debug)]
pub(crate) struct RescheduleArgs {
    #[command(flatten)]
    pub(crate) change: ChangeArgs,
    /// Runs the jobs after this duration from now, such as `30s` or `2h`
    #[arg(long = "in", value_name = "DURATION", value_parser = duration, required_unless_present = "at")]
    pub(crate) wait: Option<Duration>,
    /// Runs the jobs at this time or later, such as `2026-01-31T08:00:00Z`
    #[arg(long, value_name = "TIME", value_parser = timestamp, conflicts_with = "wait")]
    pub(crate) at: Option<Timestamp>,
}

#[derive(Args, Debug)]
pub(crate) struct PruneArgs {
    /// Deletes jobs that ended at least this long ago, such as `7d`
    #[arg(long, value_name = "DURATION", value_parser = duration)]
    pub(crate) older_than: Duration,
    /// Deletes the jobs; without it they are only counted
    #[arg(long)]
    pub(crate) yes: bool,
    /// Counts all the jobs, also many, and deletes nothing
    #[arg(long, conflicts_with = "yes")]
    pub(crate) dry_run: bool,
}
