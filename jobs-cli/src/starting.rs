//! What can be written after `start`.

use std::time::Duration;

use clap::Args;

use crate::foreign::Foreign;
use crate::spans::span;

#[derive(Args, Debug)]
pub(crate) struct Start {
    /// A queue to serve, or `mail*` for all that begin so; the first before the second, or by weight as `mail,3`;
    /// otherwise the workers of the configuration. All that are given are served by one worker, with as many threads as
    /// the first of the configuration
    #[arg(short, long = "queue", value_name = "QUEUE[,WEIGHT]")]
    pub(crate) queues: Vec<String>,
    /// How many jobs each worker runs at once
    #[arg(short = 'c', long, visible_alias = "concurrency", value_name = "COUNT", value_parser = threads,
          overrides_with = "threads")]
    pub(crate) threads: Option<u16>,
    /// How long running jobs may go on after a request to stop: seconds, or as `1m30s`
    #[arg(short, long, value_name = "SPAN", value_parser = seconds, overrides_with = "timeout")]
    pub(crate) timeout: Option<Duration>,
    /// Leaves the tables as they are: older ones are an error, and `migrate` is yours to run
    #[arg(long)]
    pub(crate) no_migrate: bool,
    /// Leaves jobs that recur to other processes
    #[arg(long)]
    pub(crate) skip_recurring: bool,
    /// Serves `/health` and `/metrics`, for Prometheus, at this address, as `0.0.0.0:9394`; to whoever can reach it
    #[cfg(feature = "metrics")]
    #[arg(long, value_name = "ADDRESS")]
    pub(crate) listen: Option<String>,
    #[command(flatten)]
    pub(crate) foreign: Foreign,
}

fn threads(text: &str) -> Result<u16, String> {
    let advice = if text.contains('.') { "; a configuration is named with a large `-C`" } else { "" };
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| format!("`{text}` is no number of threads from 1 to {}{advice}", u16::MAX))
}

/// A span; a plain number is seconds, as Sidekiq's `-t` has it.
fn seconds(text: &str) -> Result<Duration, String> {
    text.parse().map(Duration::from_secs).or_else(|_| span(text))
}
