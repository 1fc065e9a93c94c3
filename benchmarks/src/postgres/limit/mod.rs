//! The limit: what `PostgreSQL` gives to a program that does nothing but the statements, written by hand, over one
//! connection: "finish these 100, claim 100 more" as one statement; a thousand rows an insert.
//!
//! `limit (bare)` is the least that can be called a queue: a number, a state, the name of a queue, a text; finished jobs
//! are deleted by their number, whoever has them. The others have the columns that our features need, an index on the
//! id, and claims with a token: `limit (forget)` deletes, `limit (keep)` moves to a second table,
//! `limit (keep) 1000` does a thousand a statement, which waits less often for the disk and the other side.

mod drain;
mod enqueue;
mod schema;

use bench_protocol::{Outcome, Report, Step, Task};

/// Does one step.
pub(super) async fn step(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => enqueue::many(task, task.backlog).await,
        Step::EnqueueBulk => enqueue::many(task, task.jobs).await,
        Step::EnqueueOne => enqueue::one_by_one(task).await,
        Step::Drain => drain::drain(task).await,
        other => Err(format!("the limit program has no step `{}`", other.name()).into()),
    }
}
