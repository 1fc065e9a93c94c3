//! Workers that have nothing to do poll many queues.

use std::time::Duration;

use bench_protocol::postgres::{Look, Server};
use bench_protocol::{Idle, Outcome, Report, Selectors, Stopwatch, Task, cpu_seconds};
use jobs::{RuntimeBuilder, State, Worker};

use super::queues::{counts, names, queue};
use super::runtime;
use super::wait::until;

/// The number of queues that are named one by one.
const NAMED: u64 = 500;

/// Performs what waits, then measures for this long.
pub(super) async fn measure(task: &Task, workers: u64, seconds: u64) -> Outcome<Report> {
    let server = if task.is_on_a_server() { Look::open(&task.place).await?.server().await? } else { None };
    let handle = (0..workers).fold(runtime(task), with_worker).build().await?.start().await?;
    let done = async || Ok(counts(&handle.client()).await?.of(State::Finished) == task.backlog);
    until(Duration::from_mins(2), "the open queues are empty", done).await?;
    // What follows the last jobs, such as a vacuum, is not a part of it.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let (watch, before) = (Stopwatch::start(), cpu(server));
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    let (report, after) = (Report::timed(0, watch), cpu(server));
    handle.stop().await;
    let percent = |spent: f64| spent / report.seconds * 100.0;
    let idle = Idle { server: server.map(|_| percent(after.0 - before.0)), own: percent(after.1 - before.1) };
    Ok(Report { idle: Some(idle), ..report })
}

/// A third of the workers serves all queues, one a list of prefixes, one all queues by their names.
fn with_worker(builder: RuntimeBuilder, number: u64) -> RuntimeBuilder {
    builder.worker(match number % 3 {
        0 => Worker::default(),
        1 => Worker::new(names(Selectors::Prefixes)),
        _ => Worker::new((0..NAMED).map(queue)),
    })
}

/// The processor time of the server and of this process, in seconds.
fn cpu(server: Option<Server>) -> (f64, f64) {
    (server.map_or(0.0, Server::cpu_seconds), cpu_seconds().unwrap_or(0.0))
}
