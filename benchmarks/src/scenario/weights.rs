//! How closely a worker keeps to the weights of its queues, all of which have waiting jobs.

use std::time::Duration;

use bench_protocol::{Outcome, Report, Stopwatch, Task};
use jobs::Worker;

use super::job::{NoteStart, Started};
use super::wait::until;
use super::{runtime, share};

/// The names of the queues, by their numbers.
const QUEUES: [&str; 3] = ["a", "b", "c"];

/// Starts this number of jobs. Each queue has as many, so that none of them is empty before the end.
pub(super) async fn measure(task: &Task, weights: [u32; 3], millis: u64) -> Outcome<Report> {
    let queues: Vec<_> = QUEUES.into_iter().zip(weights).filter(|(_, weight)| *weight > 0).collect();
    let started = Started::default();
    let runtime = runtime(task).provide(started.clone()).worker(Worker::weighted(queues.clone())).build().await?;
    let names = (0_u8..).zip(&queues);
    let one_each = |_| names.clone().map(|(number, (name, _))| NoteStart::perform_later(number, millis).queue(*name));
    runtime.client().perform_all_later((0..task.jobs).flat_map(one_each)).await?;
    let watch = Stopwatch::start();
    let handle = runtime.start().await?;
    let limit = Duration::from_mins(2) + Duration::from_millis(task.jobs * millis);
    until(limit, "all jobs have started", async || Ok(started.queues().len() as u64 >= task.jobs)).await?;
    let report = Report::timed(task.jobs, watch);
    handle.stop().await;
    let mut starts = started.queues().clone();
    starts.truncate(usize::try_from(task.jobs)?);
    let deviation = share::worst_deviation(&starts, &weights).ok_or("of fewer than 200 jobs no share can be told")?;
    Ok(Report { deviation_percent: Some(deviation), longest_row: Some(share::longest_row(&starts)), ..report })
}
