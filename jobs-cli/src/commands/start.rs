//! Runs the jobs of a program.

use jobs::{Config, Error, RuntimeBuilder, Worker};

use crate::arguments::Start;
use crate::ending::{Ending, Result};
use crate::place::Place;
use crate::program::Configure;
use crate::systemd;

const NO_JOBS: &str = "this program has no jobs to run: write a `main` that calls `jobs_cli::run(|builder| builder)` \
                       in the crate that has them, and start that";

pub(crate) async fn start(place: &Place, start: Start, configure: Option<Configure>) -> Result<Ending> {
    let configure = configure.ok_or_else(|| Error::invalid(NO_JOBS))?;
    let mut config = place.config()?;
    change(&mut config, &start)?;
    let runtime = systemd::told(configure(config.builder())).build().await?;
    runtime.jobs().install();
    tokio::select! {
        ended = runtime.run() => ended?,
        () = systemd::keep_alive() => {}
    }
    Ok(Ending::Done)
}

/// What the command line says comes before the file.
fn change(config: &mut Config, start: &Start) -> Result<(), Error> {
    if let Some(timeout) = start.timeout {
        config.shutdown_timeout = timeout;
    }
    if !start.queues.is_empty() {
        config.workers = vec![worker(&start.queues)?];
    }
    if let Some(threads) = start.threads {
        if config.workers.is_empty() {
            config.workers.push(Worker::default());
        }
        let all = std::mem::take(&mut config.workers).into_iter();
        config.workers = all.map(|worker| worker.threads(usize::from(threads))).collect();
    }
    Ok(())
}

/// One worker for all the queues: in their order, or by weight if one has a weight (Sidekiq's `-q critical,2`).
fn worker(queues: &[String]) -> Result<Worker, Error> {
    let mut weighted = Vec::with_capacity(queues.len());
    for queue in queues {
        weighted.push(match queue.rsplit_once(',') {
            None => (queue.as_str(), None),
            Some((name, weight)) => (name, Some(weight.parse::<u32>().map_err(|_| no_weight(queue, weight))?)),
        });
    }
    if weighted.iter().all(|(_, weight)| weight.is_none()) {
        return Ok(Worker::new(queues));
    }
    Ok(Worker::weighted(weighted.into_iter().map(|(name, weight)| (name, weight.unwrap_or(1)))))
}

fn no_weight(queue: &str, weight: &str) -> Error {
    Error::invalid(format!(
        "`{weight}` in `--queue {queue}` is no weight: write `mail,3`, and each queue with a `--queue` of its own"
    ))
}

/// The runtime that `start` would run, for `check`.
pub(crate) fn builder(config: &Config, configure: Configure) -> RuntimeBuilder {
    configure(config.builder())
}
