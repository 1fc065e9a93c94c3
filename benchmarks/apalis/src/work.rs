//! The steps of the worker: drain, pickup and idle.

use std::sync::Arc;
use std::time::Duration;

use apalis::prelude::*;
use bench_protocol::{Outcome, Payload, Report, Stopwatch, Tally, Task as Order, Waits, drained, now_micros};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::shown::Shown;
use crate::store;

/// Measures from the start of the worker until the file shows that all jobs are done.
pub(crate) async fn drain(order: &Order) -> Outcome<Report> {
    let mut shown = Shown::open(order).await?;
    let tally = Arc::new(Tally::default());
    let watch = Stopwatch::start();
    let worker = Running::start(order, &tally).await?;
    let report = drained(&tally, order.jobs, watch, async || shown.done().await).await?;
    worker.stop().await?;
    let done = shown.done().await?;
    shown.check(done, order.backlog - done).await?;
    shown.close().await?;
    Ok(report)
}

/// An idle worker, and jobs that the same process enqueues with pauses.
pub(crate) async fn pickup(order: &Order) -> Outcome<Report> {
    let tally = Arc::new(Tally::for_latencies());
    let mut worker = Running::start(order, &tally).await?;
    for wait in Waits::default().take(usize::try_from(order.jobs)?) {
        tokio::time::sleep(wait).await;
        worker.storage.push(Payload::new(now_micros())).await?;
    }
    let micros = tally.all_picked_up(order.jobs).await;
    let mut shown = Shown::open(order).await?;
    while shown.done().await? < order.jobs {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    worker.stop().await?;
    shown.check(order.jobs, 0).await?;
    Ok(Report::latencies(micros))
}

/// Stays idle for two seconds.
pub(crate) async fn idle(order: &Order) -> Outcome<Report> {
    let worker = Running::start(order, &Arc::new(Tally::default())).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let report = Report::memory();
    worker.stop().await?;
    Ok(report)
}

/// A running worker.
struct Running {
    storage: apalis_sqlite::SqliteStorage<Payload>,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<Result<(), WorkerError>>,
}

impl Running {
    /// A worker with the settings of apalis' README.
    async fn start(order: &Order, tally: &Arc<Tally>) -> Outcome<Self> {
        let pool = store::open(order).await?;
        let storage = store::storage(order, &pool);
        let (stop, stopped) = oneshot::channel::<()>();
        let signal = async move {
            let _asked = stopped.await;
            Ok::<(), std::io::Error>(())
        };
        let worker = WorkerBuilder::new("payments");
        let ended = if store::is_tuned(order) {
            let backend = storage.clone().poll_with_interval(Duration::from_millis(5));
            let worker = worker.backend(backend).data(Arc::clone(tally)).parallelize(tokio::spawn);
            tokio::spawn(worker.build(process_payment).run_until(signal))
        } else {
            let backend = storage.clone().poll_with_interval(Duration::from_millis(100));
            let worker = worker.backend(backend).data(Arc::clone(tally));
            tokio::spawn(worker.build(process_payment).run_until(signal))
        };
        Ok(Self { storage, stop, ended })
    }

    async fn stop(self) -> Outcome<()> {
        let _ended = self.stop.send(());
        // A worker that was stopped on request also returns an error.
        let _how = tokio::time::timeout(Duration::from_secs(10), self.ended).await;
        Ok(())
    }
}

/// The benchmark job, which does nothing.
async fn process_payment(payment: Payload, tally: Data<Arc<Tally>>) -> Result<(), BoxDynError> {
    tally.performed(payment.order_id);
    Ok(())
}
