//! `effectum` as a contestant; started by the benchmark.

mod enqueue;
mod shown;
mod work;

use std::process::ExitCode;
use std::sync::Arc;

use bench_protocol::{Outcome, Report, Step, Tally, Task};
use effectum::{JobRunner, Queue, RunningJob, Worker};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-effectum: {error}");
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
        // Only one process can open an effectum queue: at its start it takes over all running jobs.
        other => Err(format!("effectum has no step {other:?}").into()),
    }
}

/// The name of the job that does nothing.
const JOB: &str = "process_payment";

/// The number of jobs that run at the same time: as in effectum's README, or the number beyond which more are not
/// faster.
fn concurrency(task: &Task) -> u16 {
    if is_tuned(task) { 200 } else { 10 }
}

fn is_tuned(task: &Task) -> bool {
    task.contestant.starts_with("effectum (tuned")
}

/// Opens the queue. effectum requests a write-ahead log with a pragma that does not exist (`journal`), so it runs
/// without one. For one contestant, the benchmark switches it on in the file beforehand.
async fn open(task: &Task) -> Outcome<Queue> {
    if task.contestant == "effectum (tuned, log)" {
        shown::use_log(task)?;
    }
    Ok(Queue::new(&task.database()).await?)
}

/// A worker with the settings of effectum's README.
async fn worker(task: &Task, queue: &Queue, tally: &Arc<Tally>) -> Outcome<Worker> {
    let job = JobRunner::builder(JOB, process_payment).build();
    let worker = Worker::builder(queue, Arc::clone(tally)).max_concurrency(concurrency(task));
    // It fetches more jobs when half of its slots are free.
    let worker = if is_tuned(task) { worker.min_concurrency(concurrency(task) / 2) } else { worker };
    Ok(worker.register([job]).build().await?)
}

/// The benchmark job, which does nothing.
async fn process_payment(job: RunningJob, tally: Arc<Tally>) -> Result<(), effectum::Error> {
    let payment: bench_protocol::Payload = job.json_payload()?;
    tally.performed(payment.order_id);
    Ok(())
}
