//! Contestants on `PostgreSQL`: the same steps for all, each with its own calls.

mod cpu;
mod day;
mod look;
mod steps;

use std::future::Future;
use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;

pub use cpu::Server;
pub use look::Look;
pub use steps::step;

use crate::{Outcome, Payload, Tally, Task};

/// How many jobs go into one call for many, for those who want to be told.
pub const CHUNK: u64 = 1000;

/// A queue as the benchmark drives it.
pub trait Queue: Clone + Send + Sync + Sized + 'static {
    /// A worker that runs.
    type Worker: Send;

    /// Opens the queue, and makes its tables if they are not there. Its job does nothing but tell the tally.
    fn open(task: &Task, tally: Arc<Tally>) -> impl Future<Output = Outcome<Self>> + Send;

    /// Enqueues one job and waits for the answer.
    fn enqueue(&self, payload: Payload) -> impl Future<Output = Outcome<()>> + Send;

    /// Enqueues jobs with these numbers, by whatever the queue has for many.
    fn enqueue_all(&self, numbers: Range<u64>) -> impl Future<Output = Outcome<()>> + Send;

    /// Starts a worker.
    fn start(&self) -> impl Future<Output = Outcome<Self::Worker>> + Send;

    /// Stops it in order.
    fn stop(worker: Self::Worker) -> impl Future<Output = Outcome<()>> + Send;

    /// How many jobs are neither done nor given up, as a query.
    fn unfinished(task: &Task) -> String;

    /// How many finished jobs are still there, as a query; `None` if finished jobs are not kept as rows.
    fn finished(task: &Task) -> Option<String>;
}

/// The `main` of a program with one kind of queue.
pub fn main<Q: Queue>(name: &str) -> ExitCode {
    match run::<Q>() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run<Q: Queue>() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let task = Task::from_arguments(&arguments)?;
    // What `#[tokio::main]` makes.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(step::<Q>(&task))?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// Waits for a future that cannot move between threads: the driver's traits hide from the compiler that some can.
pub fn in_place<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(future))
}

/// The numbers in runs of [`CHUNK`] at most.
pub fn chunks(numbers: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let end = numbers.end;
    (numbers.start..end).step_by(1000).map(move |first| first..end.min(first + CHUNK))
}
