//! The limit: what `SQLite` gives to a program that does nothing but the statements, written by hand.
//!
//! One table with the columns that our features need, one unique index on the id, one partial index on ready
//! jobs, one connection, one IMMEDIATE transaction for "finish these 100, claim 100 more". Claims carry a token
//! and only its holder finishes, as in `jobs`. `limit (keep)` marks finished rows, `limit (forget)` deletes them;
//! `limit (keep) 1000` does a thousand at a time, which writes each page less often.

mod drain;
mod enqueue;
mod file;

use bench_protocol::{Outcome, Report, Step, Task};

/// Does one step.
pub(crate) fn run(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => enqueue::many(task, task.backlog),
        Step::EnqueueBulk => enqueue::many(task, task.jobs),
        Step::EnqueueOne => enqueue::one_by_one(task),
        Step::Drain => drain::drain(task),
        other => Err(format!("the limit program has no step `{}`", other.name()).into()),
    }
}
