//! Contestants on a server, `PostgreSQL` or Redis: the same steps for all, with the calls of each.

mod cpu;
mod day;
mod look;
mod parts;
mod steady;
mod steps;

use std::future::Future;
use std::ops::Range;
use std::process::ExitCode;
use std::sync::Arc;

pub use cpu::Server;
pub use look::Look;
pub use parts::{PARTS, Parts};
pub use steps::step;

use crate::{Outcome, Payload, Tally, Task};

/// The number of jobs per bulk call, for contestants that need one.
pub const CHUNK: u64 = 1000;

/// A queue in the form that the benchmark drives.
pub trait Queue: Clone + Send + Sync + Sized + 'static {
    /// A running worker.
    type Worker: Send;

    /// Opens the queue, and creates its tables if they do not exist. Its job only notifies the tally.
    fn open(task: &Task, tally: Arc<Tally>) -> impl Future<Output = Outcome<Self>> + Send;

    /// Enqueues one job and waits for the result.
    fn enqueue(&self, payload: Payload) -> impl Future<Output = Outcome<()>> + Send;

    /// Enqueues jobs with these numbers, with the bulk call of the queue.
    fn enqueue_all(&self, numbers: Range<u64>) -> impl Future<Output = Outcome<()>> + Send;

    /// Starts a worker.
    fn start(&self) -> impl Future<Output = Outcome<Self::Worker>> + Send;

    /// Stops the worker gracefully.
    fn stop(worker: Self::Worker) -> impl Future<Output = Outcome<()>> + Send;

    /// A query, on Redis a Lua script, for the number of jobs that are neither done nor failed for good.
    fn unfinished(task: &Task) -> String;

    /// The same for the number of finished jobs; `None` if finished jobs are not kept as rows.
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
    // The same runtime that `#[tokio::main]` creates.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(step::<Q>(&task))?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}

/// Waits for a future that is not `Send` for the compiler, because the traits of the driver hide that it is.
pub fn in_place<T>(future: impl Future<Output = T>) -> T {
    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(future))
}

/// Splits the numbers into chunks of at most [`CHUNK`].
pub fn chunks(numbers: Range<u64>) -> impl Iterator<Item = Range<u64>> {
    let end = numbers.end;
    (numbers.start..end).step_by(1000).map(move |first| first..end.min(first + CHUNK))
}
