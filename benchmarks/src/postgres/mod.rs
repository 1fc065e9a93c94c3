//! `PostgreSQL`: the server, and the contestants that are a part of this program.

mod limit;
mod ours;
mod proxy;
mod server;

use bench_protocol::{Outcome, Report, Task, postgres};

pub(crate) use server::Host;

/// Runs one step.
pub(crate) fn run(task: &Task) -> Outcome<Report> {
    // The same runtime that `#[tokio::main]` creates.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    if task.contestant.starts_with("limit") {
        runtime.block_on(limit::step(task))
    } else {
        runtime.block_on(postgres::step::<ours::Ours>(task))
    }
}
