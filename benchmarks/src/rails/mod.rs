//! The tables of Rails on `PostgreSQL`, and the limit program on them: the simplest client that makes the same changes by
//! batches, over one connection. "Finish these, claim more" is one transaction; an insert has a thousand rows.

mod delayed_job;
mod limit;
mod solid_queue;

use bench_protocol::{Outcome, RailsTables, Report, Task};

/// The tables, as the migrations of Rails make them.
pub(crate) fn schema(tables: RailsTables) -> &'static str {
    match tables {
        RailsTables::SolidQueue => solid_queue::SCHEMA,
        RailsTables::DelayedJob => delayed_job::SCHEMA,
    }
}

/// A query for the number of jobs that are not done.
pub(crate) fn unfinished(tables: RailsTables) -> &'static str {
    match tables {
        RailsTables::SolidQueue => "SELECT count(*) FROM solid_queue_jobs WHERE finished_at IS NULL",
        RailsTables::DelayedJob => "SELECT count(*) FROM delayed_jobs",
    }
}

/// The same for the jobs that are done; `None` if these are deleted.
pub(crate) fn finished(tables: RailsTables) -> Option<&'static str> {
    match tables {
        RailsTables::SolidQueue => Some("SELECT count(*) FROM solid_queue_jobs WHERE finished_at IS NOT NULL"),
        RailsTables::DelayedJob => None,
    }
}

/// Runs one step of the limit program.
pub(crate) fn run(task: &Task) -> Outcome<Report> {
    // The same runtime that `#[tokio::main]` creates.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match task.tables {
        Some(RailsTables::SolidQueue) => runtime.block_on(limit::step::<solid_queue::SolidQueue>(task)),
        Some(RailsTables::DelayedJob) => runtime.block_on(limit::step::<delayed_job::DelayedJob>(task)),
        None => Err("the limit program on Rails' tables needs to know which ones".into()),
    }
}
