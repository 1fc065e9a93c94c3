//! A backlog in many queues, most of which get few jobs: half of the jobs are in a tenth of the queues. For each hundred
//! queues there is a paused one, whose jobs stay.

use std::sync::Arc;

use bench_protocol::{METHOD, Outcome, Report, Selectors, Stopwatch, Tally, Task, drained};
use jobs::store::Counts;
use jobs::{Client, State, Worker};

use super::runtime;
use crate::ours::job::{Counted, ProcessPayment};

/// The number of jobs in each paused queue.
const IN_PAUSED: u64 = 10;

/// The selectors of a worker. Each list selects all queues, the paused ones too.
pub(super) fn names(selectors: Selectors) -> Vec<String> {
    match selectors {
        Selectors::All => vec!["*".to_owned()],
        Selectors::Prefix => vec!["tenant_*".to_owned()],
        Selectors::Prefixes => (0..10).map(|digit| format!("tenant_{digit}_*")).collect(),
    }
}

/// The name of a queue.
pub(super) fn queue(number: u64) -> String {
    format!("tenant_{}_{number}", number % 10)
}

fn paused_queue(number: u64) -> String {
    format!("tenant_{}_paused_{number}", number % 10)
}

fn paused_queues(queues: u64) -> u64 {
    queues.div_ceil(100)
}

/// The queue of a job.
fn queue_of(job: u64, queues: u64) -> u64 {
    let among = if job.is_multiple_of(2) { queues.div_ceil(10) } else { queues };
    (job / 2) % among
}

/// Enqueues the jobs, those of paused queues first.
pub(super) async fn fill(task: &Task, queues: u64) -> Outcome<Report> {
    let jobs = runtime(task).build_client().await?;
    let job = |number| ProcessPayment::perform_later(number, METHOD);
    let watch = Stopwatch::start();
    for number in 0..paused_queues(queues) {
        jobs.manage()?.pause(&paused_queue(number)).await?;
    }
    let stay = paused_queues(queues) * IN_PAUSED;
    jobs.perform_all_later((0..stay).map(|number| job(number).queue(paused_queue(number / IN_PAUSED)))).await?;
    let open = (0..task.backlog).map(|number| job(number).queue(queue(queue_of(number, queues))));
    jobs.perform_all_later(open).await?;
    let report = Report::timed(task.backlog, watch);
    let waiting = counts(&jobs).await?.of(State::Ready);
    if waiting == task.backlog + stay {
        return Ok(report);
    }
    Err(format!("{waiting} jobs wait, it should be {}", task.backlog + stay).into())
}

/// Measures from the start of the worker until the store shows that all jobs are done, except those of paused queues.
pub(super) async fn drain(task: &Task, selectors: Selectors) -> Outcome<Report> {
    let jobs = runtime(task).build_client().await?;
    let stay = counts(&jobs).await?.of(State::Ready) - task.backlog;
    let tally = Arc::new(Tally::default());
    let watch = Stopwatch::start();
    let worker = Worker::new(names(selectors));
    let handle = runtime(task).provide(Counted(Arc::clone(&tally))).worker(worker).build().await?.start().await?;
    let done = async || Ok(counts(&jobs).await?.of(State::Finished));
    let report = drained(&tally, task.jobs, watch, done).await?;
    handle.stop().await;
    let counts = counts(&jobs).await?;
    let (finished, ready) = (counts.of(State::Finished), counts.of(State::Ready));
    if finished + ready == task.backlog + stay && (report.cut_off || ready == stay) {
        return Ok(report);
    }
    Err(format!("{finished} jobs are finished and {ready} wait, it should be {} and {stay}", task.backlog).into())
}

/// The number of jobs in each state.
pub(super) async fn counts(jobs: &Client) -> Outcome<Counts> {
    Ok(jobs.inspect()?.counts().await?)
}

#[cfg(test)]
mod tests {
    use super::queue_of;

    #[test]
    fn half_of_the_jobs_are_in_a_tenth_of_the_queues_and_each_queue_has_some() {
        let mut jobs = [0_u64; 100];
        for job in 0..10_000 {
            jobs[usize::try_from(queue_of(job, 100)).unwrap()] += 1;
        }
        assert!(jobs[..10].iter().all(|count| *count == 550), "{jobs:?}");
        assert!(jobs[10..].iter().all(|count| *count == 50), "{jobs:?}");
    }
}
