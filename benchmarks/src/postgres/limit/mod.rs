//! The limit program on `PostgreSQL`: hand-written code that runs only the necessary statements over one connection.
//! "Finish these 100, claim 100 more" is one statement; an insert has a thousand rows.
//!
//! `limit (bare)` is the minimum of a queue: a number, a state, the name of a queue, a text. A finished job is deleted by
//! its number, without a check of its owner. The others have the columns that the features of `jobs` need, an index on the
//! id, and claims with a token: `limit (forget)` deletes, `limit (keep)` moves to a second table,
//! `limit (keep) 1000` handles a thousand jobs per statement, which waits less often for the disk and the server.

mod drain;
mod enqueue;
mod schema;

use bench_protocol::{Outcome, Report, Step, Task};

/// Runs one step.
pub(super) async fn step(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => enqueue::many(task, task.backlog).await,
        Step::EnqueueBulk => enqueue::many(task, task.jobs).await,
        Step::EnqueueOne => enqueue::one_by_one(task).await,
        Step::Drain => drain::drain(task).await,
        other => Err(format!("the limit program has no step {other:?}").into()),
    }
}
