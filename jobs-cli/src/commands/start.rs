//! Runs the jobs of a program.

#[cfg(feature = "metrics")]
use std::sync::Arc;

use jobs::{Config, Error, RuntimeBuilder, Worker};

use crate::ending::{Ending, Result};
use crate::output::warn;
use crate::place::Place;
use crate::program::Configure;
use crate::starting::Start;
use crate::systemd;

const NO_JOBS: &str = "this program has no jobs to run: write a `main` that calls `jobs_cli::run(|builder| builder)` \
                       in the crate that has them, and start that";

pub(crate) async fn start(place: &Place, start: Start, configure: Option<Configure>) -> Result<Ending> {
    let configure = configure.ok_or_else(|| Error::invalid(NO_JOBS))?;
    #[cfg(feature = "log")]
    crate::logs::begin()?;
    let mut config = place.config()?;
    warn(&std::mem::take(&mut config.warnings));
    change(&mut config, &start)?;
    let builder = systemd::told(configure(config.builder()));
    // What the code says of it stays.
    let builder = if start.no_migrate { builder.migrate(false) } else { builder };
    let builder = if start.skip_recurring { builder.scheduler(false) } else { builder };
    run(builder, &start).await?;
    Ok(Ending::Done)
}

#[cfg(feature = "metrics")]
async fn run(builder: RuntimeBuilder, start: &Start) -> Result<(), Error> {
    let listening = crate::listening::Listening::begin(start.listen.as_deref()).await?;
    let runtime = listening.counted(builder).build().await?;
    let jobs = runtime.jobs();
    jobs.install();
    tokio::select! {
        ended = runtime.run() => ended,
        () = systemd::keep_alive() => Ok(()),
        broken = listening.serve(Arc::clone(jobs.store())) => broken,
    }
}

#[cfg(not(feature = "metrics"))]
async fn run(builder: RuntimeBuilder, _start: &Start) -> Result<(), Error> {
    let runtime = builder.build().await?;
    runtime.jobs().install();
    tokio::select! {
        ended = runtime.run() => ended,
        () = systemd::keep_alive() => Ok(()),
    }
}

/// What the command line says comes before the file.
fn change(config: &mut Config, start: &Start) -> Result<(), Error> {
    if let Some(timeout) = start.timeout {
        config.shutdown_timeout = timeout;
    }
    if !start.queues.is_empty() {
        let worker = worker(&start.queues)?;
        let places = config.workers.first().map(Worker::places);
        config.workers = vec![places.into_iter().fold(worker, Worker::threads)];
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

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::arguments::{Command, Line};

    /// What runs by the line, over a file with two workers.
    fn layout(words: &str) -> Config {
        let file = ":concurrency: 7\n:queues: [a]\n:capsules: { one: { concurrency: 1, queues: [b] } }\n";
        let mut config = Config::parse_file("sidekiq.yml", file, "production", |_| None).unwrap();
        let line = Line::try_parse_from(["shop", "start"].into_iter().chain(words.split_whitespace())).unwrap();
        let Command::Start(start) = line.command else { return config };
        change(&mut config, &start).unwrap();
        config
    }

    #[test]
    fn the_line_comes_before_the_file_and_changes_only_what_it_says() {
        let one = |worker: Worker| vec![worker];
        for (words, workers) in [
            ("", vec![Worker::new(["a"]).threads(7), Worker::new(["b"]).threads(1)]),
            ("-q mail", one(Worker::new(["mail"]).threads(7))),
            ("-q critical,2 -q mail", one(Worker::weighted([("critical", 2), ("mail", 1)]).threads(7))),
            ("--queue high_priority --threads 10", one(Worker::new(["high_priority"]).threads(10))),
            ("-q a --queue b -c 20", one(Worker::new(["a", "b"]).threads(20))),
            ("-c 20 --threads 4", vec![Worker::new(["a"]).threads(4), Worker::new(["b"]).threads(4)]),
        ] {
            assert_eq!(format!("{:?}", layout(words).workers), format!("{workers:?}"), "{words}");
        }
        assert_eq!(layout("").shutdown_timeout.as_secs(), 25);
        assert_eq!(layout("-t 8").shutdown_timeout.as_secs(), 8);
        assert_eq!(layout("-t 1m30s").shutdown_timeout.as_secs(), 90);
    }
}
