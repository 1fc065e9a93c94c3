//! The arguments of `start`.

use std::time::Duration;

use clap::Args;

use crate::args::ruby_flags::RubyFlags;
use crate::args::values::{duration_or_seconds, non_empty};

#[derive(Args, Debug)]
pub(crate) struct StartArgs {
    /// A queue to run jobs from, or `mail*` for all queues whose name begins with `mail`; can be given several times.
    /// Earlier queues come first; with weights, as in `mail,3`, jobs of the queues start in that proportion. One
    /// worker runs all these queues, with the threads of the first worker in the configuration. By default the workers
    /// of the configuration run, or one worker for all queues
    #[arg(short, long = "queue", value_name = "QUEUE[,WEIGHT]", value_parser = non_empty)]
    pub(crate) queues: Vec<String>,
    /// The most jobs of a queue that a worker runs at the same time, as in `reports=2`; can be given several times. It is for
    /// each worker that serves the queue
    #[arg(long, value_name = "QUEUE=COUNT", value_parser = queue_limit)]
    pub(crate) at_most: Vec<(String, usize)>,
    /// The number of jobs that each worker runs at the same time. By default the `threads` in the configuration, or 10
    #[arg(short = 'c', long, visible_alias = "concurrency", value_name = "COUNT", value_parser = threads,
          overrides_with = "threads")]
    pub(crate) threads: Option<u16>,
    /// How long running jobs may continue after a request to stop, in seconds or as `1m30s`. By default the
    /// `shutdown_timeout` in the configuration, or 25 seconds
    #[arg(short, long, value_name = "DURATION", value_parser = duration_or_seconds, overrides_with = "timeout")]
    pub(crate) timeout: Option<Duration>,
    /// Does not migrate the tables: if they are outdated, the program ends with an error, and you run `migrate`
    #[arg(long)]
    pub(crate) no_migrate: bool,
    /// Does not enqueue recurring jobs; other processes do
    #[arg(long)]
    pub(crate) skip_recurring: bool,
    /// Serves `/health` and `/metrics` (for Prometheus) on this address, such as `0.0.0.0:9394`. There is no password:
    /// everyone who can reach the address can read them. By default nothing is served
    #[cfg(feature = "metrics")]
    #[arg(long, value_name = "ADDRESS", value_parser = non_empty)]
    pub(crate) listen: Option<String>,
    #[command(flatten)]
    pub(crate) ruby_flags: RubyFlags,
}

fn queue_limit(text: &str) -> Result<(String, usize), String> {
    let parsed = text.rsplit_once('=').and_then(|(queue, count)| Some((queue, count.parse::<usize>().ok()?)));
    let (queue, count) = parsed
        .filter(|(queue, count)| !queue.trim().is_empty() && *count > 0)
        .ok_or_else(|| format!("`{text}` is not a limit from 1 for a queue; write it as `reports=2`"))?;
    Ok((queue.to_owned(), count))
}

fn threads(text: &str) -> Result<u16, String> {
    // Solid Queue's `-c` names a configuration file.
    let advice = if text.contains('.') { "; to name a configuration, use a capital `-C`" } else { "" };
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| format!("`{text}` is not a number of threads from 1 to {}{advice}", u16::MAX))
}
