//! `start`: runs the jobs of a program.

use jobs::{Config, Error, RuntimeBuilder, Worker};

use crate::args::StartArgs;
use crate::configure::{Configure, runtime_builder};
use crate::exit::{CommandResult, Exit};
use crate::output::print_warnings;
#[cfg(feature = "metrics")]
use crate::process::http::HttpServer;
use crate::process::systemd;
use crate::store::Target;

const NO_JOBS: &str = "this program has no jobs to run: write a `main` that calls `jobs_cli::run(|builder| builder)` \
                       in the crate that has the jobs, and start that program";

pub(crate) async fn start(target: &Target, args: StartArgs, configure: Option<Configure>) -> CommandResult {
    let configure = configure.ok_or_else(|| Error::invalid(NO_JOBS))?;
    #[cfg(feature = "log")]
    crate::process::logs::init()?;
    let mut config = target.config()?;
    print_warnings(&config.take_warnings());
    override_config(&mut config, &args)?;
    // The program ends at a signal, even if its jobs never yield.
    let builder = systemd::told(runtime_builder(&config, configure)).exit_after_signal(true);
    // Without the flags, the settings of the program's code stay.
    let builder = if args.no_migrate { builder.migrate(false) } else { builder };
    let builder = if args.skip_recurring { builder.scheduler(false) } else { builder };
    run(builder, &args).await?;
    Ok(Exit::Success)
}

#[cfg(feature = "metrics")]
async fn run(builder: RuntimeBuilder, args: &StartArgs) -> Result<(), Error> {
    let server = HttpServer::bind(args.listen.as_deref()).await?;
    let runtime = server.add_metrics_to(builder).build().await?;
    let client = runtime.client();
    client.install();
    tokio::select! {
        result = runtime.run() => result,
        () = systemd::keep_alive() => Ok(()),
        result = server.serve(client) => result,
    }
}

#[cfg(not(feature = "metrics"))]
async fn run(builder: RuntimeBuilder, _args: &StartArgs) -> Result<(), Error> {
    let runtime = builder.build().await?;
    runtime.client().install();
    tokio::select! {
        result = runtime.run() => result,
        () = systemd::keep_alive() => Ok(()),
    }
}

/// Applies the flags, which take precedence over the configuration.
fn override_config(config: &mut Config, args: &StartArgs) -> Result<(), Error> {
    if let Some(timeout) = args.timeout {
        config.shutdown_timeout = timeout;
    }
    if !args.queues.is_empty() {
        let worker = worker(&args.queues)?;
        let threads = config.workers.first().map(Worker::slots);
        config.workers = vec![threads.into_iter().fold(worker, Worker::concurrency)];
    }
    if let Some(threads) = args.threads {
        if config.workers.is_empty() {
            config.workers.push(Worker::default());
        }
        let workers = std::mem::take(&mut config.workers).into_iter();
        config.workers = workers.map(|worker| worker.concurrency(usize::from(threads))).collect();
    }
    for (queue, limit) in &args.at_most {
        limit_queue(config, queue, *limit)?;
    }
    Ok(())
}

/// Limits the queue in each worker that serves it.
fn limit_queue(config: &mut Config, queue: &str, limit: usize) -> Result<(), Error> {
    if config.workers.is_empty() {
        config.workers.push(Worker::default());
    }
    let mut refusals = Vec::new();
    for worker in &mut config.workers {
        let limited = worker.clone().at_most(queue, limit);
        match limited.check(&config.naming) {
            Ok(()) => *worker = limited,
            Err(error) => refusals.push(error),
        }
    }
    let is_refused_by_all = refusals.len() == config.workers.len();
    refusals.into_iter().next().filter(|_| is_refused_by_all).map_or(Ok(()), Err)
}

/// One worker for all the queues: in their order, or by weight if one of them has a weight (Sidekiq's `-q critical,2`).
fn worker(queues: &[String]) -> Result<Worker, Error> {
    let mut weighted = Vec::with_capacity(queues.len());
    for queue in queues {
        weighted.push(match queue.rsplit_once(',') {
            None => (queue.as_str(), None),
            Some((name, weight)) => (name, Some(weight.parse::<u32>().map_err(|_| invalid_weight(queue, weight))?)),
        });
    }
    if weighted.iter().all(|(_, weight)| weight.is_none()) {
        return Ok(Worker::new(queues));
    }
    Ok(Worker::weighted(weighted.into_iter().map(|(name, weight)| (name, weight.unwrap_or(1)))))
}

fn invalid_weight(queue: &str, weight: &str) -> Error {
    Error::invalid(format!(
        "`{weight}` in `--queue {queue}` is not a valid weight: write `mail,3`, with one `--queue` for each queue"
    ))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::args::{Cli, Command};

    /// The configuration that results from the flags and a file with two workers.
    fn configured(flags: &str) -> Config {
        overridden(flags).unwrap()
    }

    fn overridden(flags: &str) -> Result<Config, String> {
        let file = ":concurrency: 7\n:queues: [a]\n:capsules: { one: { concurrency: 1, queues: [b] } }\n";
        let mut config = Config::parse_file("sidekiq.yml", file, "production", |_| None).unwrap();
        let cli = Cli::try_parse_from(["shop", "start"].into_iter().chain(flags.split_whitespace()));
        let Command::Start(args) = cli.map_err(|error| error.to_string())?.command else { return Ok(config) };
        override_config(&mut config, &args).map_err(|error| error.to_string())?;
        Ok(config)
    }

    #[test]
    fn a_limit_that_cannot_hold_is_refused_with_the_reason() {
        for (flags, reason) in [
            ("--at-most a=0", "`a=0` is not a limit from 1 for a queue; write it as `reports=2`"),
            ("--at-most a,2", "`a,2` is not a limit from 1 for a queue; write it as `reports=2`"),
            ("-q reports --at-most report=2", "this worker serves only `reports`; did you mean `reports`?"),
            ("--at-most a=2 --at-most a=3", "`a` has two limits"),
        ] {
            let refusal = overridden(flags).map(drop).unwrap_err();
            assert!(refusal.contains(reason), "{flags}: {refusal}");
        }
    }

    #[test]
    fn flags_override_the_file_and_change_nothing_else() {
        let one = |worker: Worker| vec![worker];
        for (flags, workers) in [
            ("", vec![Worker::new(["a"]).concurrency(7), Worker::new(["b"]).concurrency(1)]),
            ("-q mail", one(Worker::new(["mail"]).concurrency(7))),
            ("-q critical,2 -q mail", one(Worker::weighted([("critical", 2), ("mail", 1)]).concurrency(7))),
            ("--queue high_priority --threads 10", one(Worker::new(["high_priority"]).concurrency(10))),
            ("-q a --queue b -c 20", one(Worker::new(["a", "b"]).concurrency(20))),
            (
                "-q mail -q reports --at-most reports=2",
                one(Worker::new(["mail", "reports"]).at_most("reports", 2).concurrency(7)),
            ),
            (
                "--at-most a=2",
                vec![Worker::new(["a"]).at_most("a", 2).concurrency(7), Worker::new(["b"]).concurrency(1)],
            ),
            ("-c 20 --threads 4", vec![Worker::new(["a"]).concurrency(4), Worker::new(["b"]).concurrency(4)]),
        ] {
            assert_eq!(format!("{:?}", configured(flags).workers), format!("{workers:?}"), "{flags}");
        }
        assert_eq!(configured("").shutdown_timeout.as_secs(), 25);
        assert_eq!(configured("-t 8").shutdown_timeout.as_secs(), 8);
        assert_eq!(configured("-t 1m30s").shutdown_timeout.as_secs(), 90);
    }
}
