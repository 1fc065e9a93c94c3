//! A process that performs many jobs is killed, and other processes perform them again.

use std::time::Duration;

use bench_protocol::{Outcome, Report, Stopwatch, Task};
use jobs::{Client, State};

use super::job::TakeTime;
use super::node::Node;
use super::queues::counts;
use super::runtime;
use super::wait::until;

const LOOK: Duration = Duration::from_millis(20);

/// The time limit until processes have started, and until one counts as dead.
const PATIENCE: Duration = Duration::from_mins(1);

/// Measures from the moment at which the jobs may run again until all are done. How long it takes until a process counts as dead is a
/// setting, and no part of it.
pub(super) async fn measure(task: &Task, millis: u64, nodes: u64, slots: u64) -> Outcome<Report> {
    let jobs = runtime(task).build_client().await?;
    jobs.perform_all_later((0..task.jobs).map(|_| TakeTime::new(millis))).await?;
    let mut victim = Node::start(task, task.jobs)?;
    victim.busy()?;
    let others = (0..nodes).map(|_| Node::start(task, slots)).collect::<Outcome<Vec<_>>>()?;
    until(PATIENCE, "all processes are known", async || Ok(processes(&jobs).await? > nodes)).await?;
    victim.kill()?;
    let finished = counts(&jobs).await?.of(State::Finished);
    if finished > 0 {
        return Err(format!("{finished} jobs were done before the kill; make them longer with --size").into());
    }
    let ideal = task.jobs.div_ceil(nodes * slots) * millis;
    // Until it is found to be dead; its jobs become ready at the same moment.
    until(PATIENCE, "the killed process is forgotten", async || Ok(processes(&jobs).await? <= nodes)).await?;
    let report = run_again(&jobs, task.jobs, Duration::from_millis(ideal)).await?;
    for node in others {
        node.stop()?;
    }
    Ok(report)
}

async fn run_again(jobs: &Client, count: u64, ideal: Duration) -> Outcome<Report> {
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

async fn processes(jobs: &Client) -> Outcome<u64> {
    Ok(jobs.inspect()?.processes().await?.len() as u64)
}
