//! Redis: the server, and the limit program. `jobs` and the peers do the steps that they do on `PostgreSQL`.

mod limit;
mod server;

use bench_protocol::{Outcome, Report, Task};

pub(crate) use server::Host;

/// The number of jobs that wait or are claimed, in the structures of Sidekiq and of `jobs`.
pub(crate) const UNFINISHED: &str = include_str!("unfinished.lua");

/// The number of jobs that were performed.
pub(crate) const PROCESSED: &str = "return tonumber(redis.call('GET', 'stat:processed') or 0)";

/// Runs one step of the limit program.
pub(crate) fn run(task: &Task) -> Outcome<Report> {
    // The same runtime that `#[tokio::main]` creates.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(limit::step(task))
}
