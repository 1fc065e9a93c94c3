//! `jobs` as a contestant, with its default settings.

mod enqueue;
pub(crate) mod job;
mod shown;
mod work;

use bench_protocol::{Outcome, Report, Step, Task};

use crate::scenario::runtime;

/// Runs one step.
pub(crate) fn run(task: &Task) -> Outcome<Report> {
    // The same runtime that `#[tokio::main]` creates.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(step(task))
}

async fn step(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => enqueue::many(task, task.backlog).await,
        Step::EnqueueOne => enqueue::one_by_one(task).await,
        Step::EnqueueBulk => enqueue::many(task, task.jobs).await,
        Step::Drain => work::drain(task).await,
        Step::Pickup => work::pickup(task).await,
        Step::PickupWorker => work::pickup_from_others(task).await,
        Step::PickupSender => work::send(task).await,
        Step::Idle => work::idle(task).await,
        other => Err(format!("there is no step {other:?} on SQLite").into()),
    }
}
