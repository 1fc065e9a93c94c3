//! `apalis-sqlite` as a contestant; started by the benchmark.

mod enqueue;
mod shown;
mod store;
mod work;

use std::process::ExitCode;

use bench_protocol::{Outcome, Report, Step, Task};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-apalis: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = Task::from_arguments(&arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(step(&task))?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

async fn step(task: &Task) -> Outcome<Report> {
    match task.step {
        Step::Fill => enqueue::many(task, task.backlog).await,
        Step::EnqueueBulk => enqueue::many(task, task.jobs).await,
        Step::EnqueueOne => enqueue::one_by_one(task).await,
        Step::Drain => work::drain(task).await,
        Step::Pickup => work::pickup(task).await,
        Step::Idle => work::idle(task).await,
        other => Err(format!("apalis-sqlite has no step {other:?} here").into()),
    }
}
