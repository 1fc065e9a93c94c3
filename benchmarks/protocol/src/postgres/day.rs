//! A day: jobs are enqueued and performed for a long time, and few wait at any moment.

use std::sync::Arc;
use std::time::Duration;

use super::steps::{check, written};
use super::{CHUNK, Look, Queue, Server};
use crate::{Outcome, Part, Report, Stopwatch, Tally, Task};

/// The number of parts into which the results of the run are divided.
const PARTS: u64 = 10;

/// The time limit, after which it is cut off.
const PATIENCE: f64 = 45.0;

const LOOK: Duration = Duration::from_millis(1);

/// Queries for the dead rows and for the size of all tables.
const DEAD: &str = "SELECT sum(n_dead_tup)::bigint FROM pg_stat_user_tables";
const BYTES: &str = "SELECT sum(pg_total_relation_size(relid))::bigint FROM pg_stat_user_tables";

/// Enqueues jobs as fast as they are performed, and performs them.
pub(super) async fn day<Q: Queue>(task: &Task) -> Outcome<Report> {
    let look = Look::open(&task.place).await?;
    let server = look.server().await?;
    let tally = Arc::new(Tally::default());
    let queue = Q::open(task, Arc::clone(&tally)).await?;
    let worker = queue.start().await?;
    let watch = Stopwatch::start();
    let arrivals = tokio::spawn(enqueue(queue, task.jobs, task.backlog, Arc::clone(&tally), watch));
    let mut parts = Vec::new();
    let mut before = Moment::now(0, watch, server);
    for part in 1..=PARTS {
        let until = task.jobs * part / PARTS;
        while tally.count() < until && watch.seconds() < PATIENCE {
            tokio::time::sleep(LOOK).await;
        }
        let moment = Moment::now(tally.count(), watch, server);
        parts.push(moment.since(&before, &look).await?);
        before = moment;
    }
    let cut_off = tally.count() < task.jobs;
    let enqueued = arrivals.await??;
    let report = Report { cut_off, parts, ..Report::timed(tally.count(), watch) };
    if !cut_off {
        written::<Q>(task).await?;
    }
    Q::stop(worker).await?;
    if !cut_off {
        check::<Q>(task, enqueued, 0).await?;
    }
    Ok(report)
}

/// Enqueues a thousand jobs at a time while few enough wait, and returns the number of enqueued jobs.
async fn enqueue<Q: Queue>(queue: Q, jobs: u64, most: u64, tally: Arc<Tally>, watch: Stopwatch) -> Outcome<u64> {
    let mut enqueued = 0;
    while enqueued < jobs && watch.seconds() < PATIENCE {
        if enqueued - tally.count().min(enqueued) >= most {
            tokio::time::sleep(LOOK).await;
            continue;
        }
        let next = jobs.min(enqueued + CHUNK);
        queue.enqueue_all(enqueued..next).await?;
        enqueued = next;
    }
    Ok(enqueued)
}

/// The counters.
struct Moment {
    jobs: u64,
    seconds: f64,
    cpu: f64,
}

impl Moment {
    fn now(jobs: u64, watch: Stopwatch, server: Option<Server>) -> Self {
        Self { jobs, seconds: watch.seconds(), cpu: server.map_or(0.0, Server::cpu_seconds) }
    }

    async fn since(&self, before: &Self, look: &Look) -> Outcome<Part> {
        Ok(Part {
            jobs: self.jobs - before.jobs,
            seconds: self.seconds - before.seconds,
            server_cpu_seconds: self.cpu - before.cpu,
            dead_rows: look.number(DEAD).await?,
            bytes: look.number(BYTES).await?,
        })
    }
}
