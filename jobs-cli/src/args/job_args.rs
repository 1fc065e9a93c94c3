//! The arguments of commands that list, show and change jobs.

use std::time::Duration;

use clap::{Args, ValueEnum};
use jobs::store::Cursor;
use jobs::{JobId, Timestamp};

use crate::args::job_filter::JobFilterArgs;
use crate::args::values::{at_least_one, cursor, duration, job_id, json_text, non_empty, timestamp};

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
    /// Lists jobs by this time instead of by when they were enqueued: the first that is due, or the last that failed
    #[arg(long, value_name = "TIME", value_enum, conflicts_with_all = ["newest", "after", "follow"])]
    pub(crate) sort: Option<SortTime>,
    /// Goes on with each job that is enqueued from now on, until SIGINT or SIGTERM
    #[arg(long, conflicts_with_all = ["newest", "after", "until", "limit"])]
    pub(crate) follow: bool,
    /// Continues after this position, which the previous page returned; the id of its last job, unless the store says
    /// otherwise
    #[arg(long, value_name = "POSITION", value_parser = cursor)]
    pub(crate) after: Option<Cursor>,
}

/// The time by which a list is sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortTime {
    /// When a job is due, the first one first
    Due,
    /// When it failed last, the last one first
    Failed,
}

#[derive(Args, Debug)]
pub(crate) struct EnqueueArgs {
    /// The name of the job, such as `send_mail`
    #[arg(value_parser = non_empty)]
    pub(crate) name: String,
    /// Its arguments as JSON, such as `{"to":"ada@example.com"}`; by default none
    #[arg(default_value = "{}", value_name = "ARGS", value_parser = json_text)]
    pub(crate) arguments: String,
    /// The queue, if not that of the job
    #[arg(short, long, value_parser = non_empty)]
    pub(crate) queue: Option<String>,
    /// The priority, if not that of the job; higher ones run first
    #[arg(short, long, allow_negative_numbers = true)]
    pub(crate) priority: Option<i32>,
    /// Enqueues the job even if nothing tells that there is one of this name and with such arguments
    #[arg(long)]
    pub(crate) unchecked: bool,
}

#[derive(Args, Debug)]
pub(crate) struct CancelArgs {
    /// The ids of the jobs
    #[arg(value_parser = job_id, value_name = "ID", required = true)]
    pub(crate) ids: Vec<JobId>,
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
