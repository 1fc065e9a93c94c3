//! One of several processes that perform jobs, and how another process starts it.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use bench_protocol::{Outcome, Report, Step, Tally, Task};
use jobs::Worker;

use super::runtime;
use crate::ours::job::Counted;

/// How long a process is silent before the others take over its jobs.
const SILENCE: Duration = Duration::from_secs(5);

/// Performs `task.jobs` jobs at once until its input ends. Prints a line when it has started as many.
pub(super) async fn run(task: &Task) -> Outcome<Report> {
    let (tally, slots) = (Arc::new(Tally::default()), usize::try_from(task.jobs)?);
    let builder = runtime(task).provide(Counted(Arc::clone(&tally))).worker(Worker::default().concurrency(slots));
    let builder = builder.heartbeat_interval(Duration::from_secs(1)).dead_after(SILENCE);
    let handle = builder.build().await?.start().await?;
    let input = tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new()));
    while tally.count() < task.jobs && !input.is_finished() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    println!("busy");
    std::io::stdout().flush()?;
    input.await??;
    handle.stop().await;
    Ok(Report::memory())
}

/// A started process. It stops by itself when this value is dropped, because its input ends then.
pub(super) struct Node(Child);

impl Node {
    /// Starts a process with so many slots.
    pub(super) fn start(task: &Task, slots: u64) -> Outcome<Self> {
        let node = Task { jobs: slots, ..task.with(Step::Node) };
        let mut command = Command::new(std::env::current_exe()?);
        command.args(node.arguments()?).stdin(Stdio::piped()).stdout(Stdio::piped());
        Ok(Self(command.spawn()?))
    }

    /// Waits until it has started as many jobs as it has slots.
    pub(super) fn busy(&mut self) -> Outcome<()> {
        let mut line = String::new();
        BufReader::new(self.0.stdout.as_mut().ok_or("no output")?).read_line(&mut line)?;
        if line.trim() == "busy" { Ok(()) } else { Err("a process ended before it was busy".into()) }
    }

    /// Kills it as a power cut would.
    pub(super) fn kill(mut self) -> Outcome<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }

    /// Lets it stop, and waits for its end.
    pub(super) fn stop(mut self) -> Outcome<()> {
        drop(self.0.stdin.take());
        let status = self.0.wait()?;
        if status.success() { Ok(()) } else { Err(format!("a process failed: {status}").into()) }
    }
}
