//! A day on `PostgreSQL` with jobs of several kinds in several queues.

use std::sync::Arc;
use std::time::Duration;

use bench_protocol::postgres::{CHUNK, PARTS, Parts};
use bench_protocol::{METHOD, Outcome, Report, Stopwatch, Tally, Task};
use jobs::{AnyJob, Client, Enqueued, State};

use super::job::{Later, ProcessLater, ProcessOnce};
use super::queues::counts;
use super::runtime;
use crate::ours::job::{Counted, ProcessPayment};

const LOOK: Duration = Duration::from_millis(1);

/// The number of queues.
const QUEUES: u64 = 8;

/// The performed jobs, those that run at once and the others, and how long it may take.
#[derive(Clone)]
struct Done {
    at_once: Arc<Tally>,
    later: Arc<Tally>,
    watch: Stopwatch,
    limit: f64,
}

impl Done {
    fn count(&self) -> u64 {
        self.at_once.count() + self.later.count()
    }

    fn is_over(&self) -> bool {
        self.watch.seconds() > self.limit
    }
}

/// Enqueues jobs as fast as they are performed, and performs them.
pub(super) async fn measure(task: &Task) -> Outcome<Report> {
    let (at_once, later) = (Arc::new(Tally::default()), Arc::new(Tally::default()));
    let provided = runtime(task).provide(Counted(Arc::clone(&at_once))).provide(Later(Arc::clone(&later)));
    let handle = provided.build().await?.start().await?;
    let limit = Duration::from_secs(120 + task.jobs / 2_000).as_secs_f64();
    let done = Done { at_once, later, watch: Stopwatch::start(), limit };
    let arrivals = tokio::spawn(enqueue(handle.client(), task.jobs, task.backlog, done.clone()));
    let mut parts = Parts::begin(task, done.watch).await?;
    // Duplicates are never performed, see `job`.
    let performed = task.jobs - task.jobs / 100 * 2;
    for part in 1..=PARTS {
        while done.count() < performed * part / PARTS && !done.is_over() {
            tokio::time::sleep(LOOK).await;
        }
        let indexes = parts.indexes().await?;
        parts.end_part(done.count()).await?.indexes = indexes;
    }
    let report = Report { parts: parts.told, ..Report::timed(done.count(), done.watch) };
    let enqueued = arrivals.await??;
    handle.stop().await;
    let counts = counts(&handle.client()).await?;
    let cut_off = done.is_over();
    if !cut_off && (counts.of(State::Finished), counts.pending()) != (enqueued, 0) {
        return Err(format!("{} jobs are finished, it should be {enqueued}", counts.of(State::Finished)).into());
    }
    Ok(Report { cut_off, ..report })
}

/// Enqueues a thousand jobs at a time while few enough of those that run at once wait. Returns the number of stored jobs.
async fn enqueue(client: Client, jobs: u64, most: u64, done: Done) -> Outcome<u64> {
    let (mut offered, mut stored, mut at_once) = (0, 0, 0);
    while offered < jobs && !done.is_over() {
        if at_once - done.at_once.count().min(at_once) >= most {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        let next = jobs.min(offered + CHUNK);
        let answers = client.perform_all_later((offered..next).map(job)).await?;
        let new = (offered..next).zip(answers).filter(|(_, answer)| matches!(answer, Enqueued::New(_)));
        let (new_at_once, new_later): (Vec<u64>, Vec<u64>) =
            new.map(|(number, _)| number).partition(|it| is_at_once(*it));
        at_once += new_at_once.len() as u64;
        stored += (new_at_once.len() + new_later.len()) as u64;
        offered = next;
    }
    Ok(stored)
}

/// Of a hundred jobs four are unique, and two of these are duplicates of those before them; five are scheduled for some
/// seconds later, two fail at first, and the others are plain.
fn job(number: u64) -> AnyJob {
    let queue = format!("day_{}", number % QUEUES);
    match number % 100 {
        0..4 => ProcessOnce::perform_later(number / 2, METHOD).queue("once").into(),
        4..9 => {
            let wait = Duration::from_secs(1 + number % 3);
            ProcessLater::perform_later(number, false).queue(queue).wait(wait).into()
        }
        9..11 => ProcessLater::perform_later(number, true).queue(queue).into(),
        _ => ProcessPayment::perform_later(number, METHOD).queue(queue).into(),
    }
}

fn is_at_once(number: u64) -> bool {
    !(4..11).contains(&(number % 100))
}
