//! The limit program on `SQLite`: hand-written code that runs only the necessary statements.
//!
//! It has one table with the columns that the features of `jobs` need, one unique index on the id, one partial index on
//! ready jobs, one connection, and one IMMEDIATE transaction for "finish these 100, claim 100 more". A claim has a token,
//! and only its owner can finish the job, as in `jobs`. `limit (keep)` marks finished rows, `limit (forget)` deletes them;
//! `limit (keep) 1000` handles a thousand jobs at a time, which writes each page less often.

mod drain;
mod enqueue;
mod file;

use bench_protocol::{Outcome, Report, Step, Task};

/// Runs one step.
pub(crate) fn run(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => enqueue::many(task, task.backlog),
        Step::EnqueueBulk => enqueue::many(task, task.jobs),
        Step::EnqueueOne => enqueue::one_by_one(task),
        Step::Drain => drain::drain(task),
        other => Err(format!("the limit program has no step {other:?}").into()),
    }
}
