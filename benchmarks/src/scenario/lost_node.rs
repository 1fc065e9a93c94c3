//! A process that performs many jobs is killed, and other processes perform them again.

use std::time::Duration;

use bench_protocol::{Outcome, Report, Stopwatch, Task};
use jobs::{Client, State};

use super::job::TakeTime;
use super::node::Node;
use super::queues::counts;
use super::runtime;

const LOOK: Duration = Duration::from_millis(20);

/// Measures from the first job that runs again until all are done. How long it takes until a process counts as dead is a
/// setting, and no part of it.
pub(super) async fn measure(task: &Task, millis: u64, nodes: u64, slots: u64) -> Outcome<Report> {
    let jobs = runtime(task).build_client().await?;
    jobs.perform_all_later((0..task.jobs).map(|_| TakeTime::new(millis))).await?;
    let mut victim = Node::start(task, task.jobs)?;
    victim.busy()?;
    let others = (0..nodes).map(|_| Node::start(task, slots)).collect::<Outcome<Vec<_>>>()?;
    while (jobs.inspect()?.processes().await?.len() as u64) <= nodes {
        tokio::time::sleep(LOOK).await;
    }
    victim.kill()?;
    let finished = counts(&jobs).await?.of(State::Finished);
    if finished > 0 {
        return Err(format!("{finished} jobs were done before the kill; make them longer with --size").into());
    }
    let ideal = task.jobs.div_ceil(nodes * slots) * millis;
    let report = run_again(&jobs, task.jobs, Duration::from_millis(ideal)).await?;
    for node in others {
        node.stop()?;
    }
    Ok(report)
}

async fn run_again(jobs: &Client, count: u64, ideal: Duration) -> Outcome<Report> {
    let ready = async || Ok::<_, jobs::Error>(jobs.inspect()?.counts().await?.of(State::Claimed) < count);
    // The jobs of the killed process count as claimed until it is found to be dead.
    while !ready().await? {
        tokio::time::sleep(LOOK).await;
    }
    let (watch, limit) = (Stopwatch::start(), ideal.as_secs_f64() * 30.0 + 30.0);
    let mut done = 0;
    while done < count && watch.seconds() < limit {
        tokio::time::sleep(LOOK).await;
        let counts = counts(jobs).await?;
        if counts.of(State::Failed) > 0 {
            return Err("a job failed although it did not cause the death of its process".into());
        }
        done = counts.of(State::Finished);
    }
    let report = Report::timed(done, watch);
    Ok(Report { cut_off: done < count, ideal_seconds: Some(ideal.as_secs_f64()), ..report })
}
