//! What is measured of `jobs` alone, with the same code on each store and only through its public interface.

mod claim_times;
mod idle_queues;
mod job;
mod lost_node;
mod mixed_day;
mod node;
mod queues;
mod recurring;
mod share;
mod wait;
mod weights;

use bench_protocol::{Outcome, RailsTables, Report, Step, Task};
use jobs::{Runtime, RuntimeBuilder};

use crate::ours;

/// Runs the step, if it is one of these.
pub(crate) fn run(task: &Task) -> Outcome<Option<Report>> {
    if task.step.is_common() {
        return Ok(None);
    }
    // The same runtime that `#[tokio::main]` creates.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(step(task)).map(Some)
}

async fn step(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::FillQueues { queues } => queues::fill(task, queues).await,
        Step::DrainQueues { selectors } => queues::drain(task, selectors).await,
        Step::ClaimTimes { selectors } => claim_times::measure(task, selectors).await,
        Step::IdleQueues { workers, seconds } => idle_queues::measure(task, workers, seconds).await,
        Step::Weights { weights, millis } => weights::measure(task, weights, millis).await,
        Step::Recurring { schedulers } => recurring::measure(task, schedulers).await,
        Step::LostNode { millis, nodes, slots } => lost_node::measure(task, millis, nodes, slots).await,
        Step::Node => node::run(task).await,
        Step::MixedDay => mixed_day::measure(task).await,
        other => Err(format!("`{}` has no step {other:?}", task.contestant).into()),
    }
}

/// The runtime as a user would configure it. It provides what the jobs of all steps borrow; a step provides anew what it
/// reads.
pub(crate) fn runtime(task: &Task) -> RuntimeBuilder {
    let url = match task.place.as_str() {
        place if task.is_on_redis() => format!("sidekiq+{place}"),
        place if task.tables == Some(RailsTables::SolidQueue) => format!("solid_queue+{place}"),
        place if task.tables == Some(RailsTables::DelayedJob) => format!("delayed_job+{place}"),
        place if task.is_on_a_server() => place.to_owned(),
        _ => format!("sqlite:{}", task.database().display()),
    };
    let counted = ours::job::Counted::default();
    let builder = Runtime::builder();
    // The other jobs need what these stores do not keep, such as unique keys.
    let builder = if task.is_on_redis() || task.tables.is_some() {
        builder.register(jobs::jobs![ours::job::ProcessPayment])
    } else {
        builder
    };
    builder.connect(url).provide(counted).provide(job::Later::default()).provide(job::Started::default())
}
